"""The whole product as `make run` starts it, used by a person in a browser."""
