"""`make screenshots`: every page and state, light and dark, wide and on a phone, into screenshots/.

Nothing is compared: people look at them. `chat-answer-wide.png` is the README's picture, and those in
integration/pages/pictures/ are made with `--readme`.
"""
