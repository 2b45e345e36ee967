"""The integration service's HTTP interface, as the bot uses it: calls, and what they answer."""
