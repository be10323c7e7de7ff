"""Pages of awards, one module a noun."""
