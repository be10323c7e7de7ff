"""Questions and loaders of awards, one module a noun."""
