"""Support requests: a hand-over to people, the promise that comes with it, and how often that was kept."""
