"""Template tags of the submissions."""
