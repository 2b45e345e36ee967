"""An organisation's connection to Zoom in Slack: links, status, and its end."""
