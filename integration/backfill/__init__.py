"""Asking Zoom for what it did not tell us by itself: at first, after a gap, and where a call never seems to end.

`service` owes a back-fill, `filling` carries it out; `repair` asks a few times a day what is new; `still_running` looks
after calls without an end. They ask by `asking` (many calls), `singly` (one meeting) and `rooms` (personal links), in
a turn that `holding` gives; `planning` finds what is open, `days` and `coverage` say what is asked for and known by it.

The rules:

- Days are asked for further than is claimed, for nobody says in whose time zone Zoom means them (`days.surely`).
- What Zoom told in a form that we cannot read is not known: neither its month nor its meeting (`asking.Answer`).
- Every past event in time that is not known completely is asked about alone, once, measured or not
  (`planning.open_meetings`).
- Where Zoom has nothing under a meeting's id, no call was held in the past 29 days; of earlier ones that says nothing,
  for ids expire (`singly.IDS_LIVE`): those are too old for Zoom, and are not asked about again.
- New events have Zoom asked within ten minutes, and so no more often, if they are over and not known
  (`coverage.ask_soon`).
- Personal links are read from the list of users once a day, and from each user once a week while an event has one that
  nobody knows (`rooms.look`).
- A call that began 30 hours ago and of which Zoom tells no end is lost, unless Zoom is only away (`still_running`).
- Who stores something locks the connection first, then the tenant's meetings, then what is owed (`holding.confirm`).
"""
