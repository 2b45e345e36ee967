"""Tests mirror the packages; real parts throughout, stand-ins only for Slack and Zoom."""
