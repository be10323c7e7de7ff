"""Verbs of awards, one module a noun; import the module: `from awards.services import <noun>`."""
