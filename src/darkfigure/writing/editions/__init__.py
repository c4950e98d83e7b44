"""Editions of the yearly assessment, written: pages, a summary, workbooks, what changed."""
