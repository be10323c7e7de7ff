"""Questions and loaders of judging, one module a noun."""
