"""Asking Zoom for what it did not tell us by itself: at first, after a gap, and where a call never seems to end."""
