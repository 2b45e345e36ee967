"""Zoom, as seen from here: OAuth, the API, webhooks, and what their errors mean."""
