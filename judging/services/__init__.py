"""Verbs of judging, one module a noun; import the module: `from judging.services import <noun>`."""
