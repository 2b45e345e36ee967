"""A local Slack: Web API, Socket Mode, signed HTTP and a chat page, for people and for tests.

It imports nothing of the bot: to the bot it is Slack at another address.

    model.py        the nouns: workspaces, people, channels, apps, messages, views
    cast.py         who lives here            world.py        the state, and make_world()
    messages.py     posting and changing      views.py        modals and App Home
    validation.py   Block Kit's rules         limits.py       its numbers
    web_api.py      the Web API's front door  methods_*.py    its methods
    delivery.py     events, acks, retries     socket_mode.py, http_mode.py   the two ways to an app
    payloads.py     what Slack sends          actions.py      what a person does
    faults.py       trouble on demand         driver.py       all of it from Python
    server.py       the ASGI app              chat.py, static/   the page for people
"""
