"""A local Zoom: consent page, OAuth, API, Marketplace and webhooks, for people and for tests.

It imports nothing of the product: to the product it is Zoom at another address.

    model.py      the nouns: accounts, users, pairs of tokens, recorded calls
    cast.py       who has Zoom here          scopes.py    what the app may read, and what each call needs
    world.py      the state                  tokens.py    codes and pairs: one use, rotation, expiry, revocation
    memory.py     what lasts over a restart
    habits.py     where the facts conflict   faults.py    trouble on demand
    errors.py     what Zoom says when it refuses
    door.py       what every call passes: faults, the effect, the record
    oauth.py      /oauth/token, /oauth/revoke             consent.py   /oauth/authorize
    api.py        /v2                                     users.py     its answers about people
    webhooks.py   signed events, and their retries        site.py      the other pages, views.py
    answers.py    answers that break off                  server.py    the ASGI app and its server
    driver.py     all of it from Python
"""
