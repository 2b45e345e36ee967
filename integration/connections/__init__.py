"""A tenant's single OAuth link to Zoom: kept alive, told about, and ended. How it is made is `integration/connecting`.

models.py      connections, events, incidents  endpoints.py    status, events, disconnecting, the incident
tokens.py      what Zoom gave us, sealed       status.py       what is true now, and how fresh that is
refresh.py     a fresh access token, for all   history.py      where it stood at a moment
turns.py       one refresh, in one hand        verify.py       asking Zoom now
lease.py       who may call Zoom for a row     views.py        what of it leaves the service
results.py     what an answer makes of it      causes.py       what a cause means in a state
events.py      the flight recorder             tell.py         who hears of a change
due.py         looking before anybody needs it backoff.py      when to look again
waves.py       trouble of many: an incident    incidents.py    how an incident is told
disconnect.py  the end, with a receipt         revocations.py  telling Zoom, however long it takes
details.py     what only admins are shown      sign_ins.py     sign-ins that concern the present connection
"""
