"""Protected tables, and what was found of published ones."""
