"""Charts as SVG text, by subject, and the pages that are charts."""
