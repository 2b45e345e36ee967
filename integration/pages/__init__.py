"""The pages people see: made on the server; scripts only better what works without them."""
