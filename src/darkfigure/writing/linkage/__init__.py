"""Linkages written: text and plain data."""
