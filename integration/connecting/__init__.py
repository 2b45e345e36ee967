"""How a tenant gets its connection: link, page, Zoom, callback, confirmation, self-test.

What becomes of the connection afterwards is `integration/connections`.

    models.py      connect links and grants        endpoints.py    /v1/…/connect-links
    making.py      a new link                      pages.py        /connect/{token}, /oauth/zoom/callback
    links.py       where a link stands             outcomes.py     every page that a sign-in can end on
    starting.py    the button: on to Zoom          words.py        what is said of a link, everywhere alike
    oauth_state.py state and cookie                errors.py       what can go wrong besides Zoom's own errors
    callback.py    back from Zoom: the exchange    grants.py       what Zoom gave us, stored before anything else
    sealed.py      its tokens and its user, as kept
    advancing.py   step after step, by any process:
        identifying.py  who is it, may they        confirming.py   the requester says yes or no
        selftest.py     refresh, scopes, one read  letting_go.py   what is not kept is revoked
    expiring.py    what ends by time alone
"""
