"""Retain's knowledge base: markdown in; answers, rendered text and support hours out."""
