"""Views of the office pages."""
