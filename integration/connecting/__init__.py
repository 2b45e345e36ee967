"""How a tenant gets its connection: link, page, Zoom, callback, confirmation, self-test."""
