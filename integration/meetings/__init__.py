"""How long meetings were: what Zoom says was held, what calendars say was planned, and how the two belong together."""
