"""The drawn things of the portal: key visual, logo mark and icon sprite, made by scripts that repeat."""
