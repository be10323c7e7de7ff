"""Verbs of the competition."""
