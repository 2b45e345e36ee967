"""Pages for Retain's own people about tenants: all of them with what needs attention first, and one of them."""
