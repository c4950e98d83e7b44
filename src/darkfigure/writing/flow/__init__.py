"""The flow of persons written: plain data, and a page with diagrams."""
