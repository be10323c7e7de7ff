"""Shapes of input of judging, one module a noun."""
