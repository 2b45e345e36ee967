"""The service that owns all state: it records, remembers and owes. It knows no Slack; people and places are opaque."""
