"""Forms of the office pages."""
