"""Pages that judging offers at the work desk, one module a noun."""
