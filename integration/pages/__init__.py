"""The pages people see: server-rendered, no script."""
