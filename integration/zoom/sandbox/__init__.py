"""A local Zoom: consent page, OAuth, API, Marketplace and webhooks, for people and for tests.

It imports nothing of the product: to the product it is Zoom at another address.

    model.py      the nouns: accounts, users, pairs of tokens, recorded calls
    cast.py       who has Zoom here             scopes.py     what the app may read, and what each call needs
    world.py      the state                     tokens.py     codes and pairs: one use, rotation, expiry
    faults.py     trouble on demand             habits.py     where what is known of Zoom conflicts
    errors.py     what Zoom says to refuse      memory.py     what lasts over a restart
    door.py       what every call passes: faults, the effect, the record
    oauth.py      /oauth/token, /oauth/revoke   consent.py    /oauth/authorize
    reading.py    what every read of /v2 passes
    api.py        /v2/users                     users.py      its answers about people
    past.py       /v2/past_meetings             reports.py    /v2/report
    meetings.py   the calls that were held      holding.py    holding them, and the events about it
    calendar.py   events that were planned      google.py     them, as Google Calendar says it
    sync.py       telling the product of them   past_weeks.py what there is at the first start
    webhooks.py   signed events, their retries  answers.py    answers, and the ways in which there is none
    site.py       the pages for people          views.py      how a page is made
    meeting_pages.py, calendar_pages.py         more pages    forms.py      times that people fill in
    server.py     the ASGI app and its server   guard.py      this machine only
    driver.py     all of it from Python; driver_meetings.py: the calls
"""
