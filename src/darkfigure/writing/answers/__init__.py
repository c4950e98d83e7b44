"""Answers, bridges and comparisons written: text, hansard, HTML, CSV, JSON, ODS."""
