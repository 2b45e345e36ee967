"""Tenants, the workspaces they are reached in, and the people Retain has listed."""
