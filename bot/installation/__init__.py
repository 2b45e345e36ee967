"""The app in a workspace: how it gets there, how it is kept, how it goes."""
