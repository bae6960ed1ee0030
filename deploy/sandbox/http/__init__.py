"""The HTTP API, version 10: one module per resource, and what all routes share."""
