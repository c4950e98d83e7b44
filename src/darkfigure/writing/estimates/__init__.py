"""Estimates and their series written: text, plain data, pages."""
