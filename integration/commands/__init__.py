"""The commands of `python -m integration`, one module for each group."""
