"""Pages of judging, one module a noun."""
