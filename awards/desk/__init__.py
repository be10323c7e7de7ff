"""Pages that awards offers at the work desk, one module a noun."""
