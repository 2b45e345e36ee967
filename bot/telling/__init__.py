"""What people are told unasked: for whom it is, how it is sent once, and what reached nobody."""
