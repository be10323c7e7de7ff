"""Shapes of input of awards, one module a noun."""
