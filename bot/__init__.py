"""The Slack bot: answers from the knowledge base, and calls the integration service over HTTP."""
