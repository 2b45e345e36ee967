"""Durations and meeting hours in Slack."""
