"""`make screenshots`: every page and state, light and dark, wide and on a phone, into screenshots/.

Nothing is compared: people look at them. The README shows some: `chat-answer-wide.png` of these, by hand, and those in
integration/pages/pictures/, which `python -m tests.screenshots readme` draws.
"""
