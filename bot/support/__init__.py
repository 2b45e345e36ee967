"""Support requests in Slack: the asker's form and conversation, the staff's card, queue and figures."""
