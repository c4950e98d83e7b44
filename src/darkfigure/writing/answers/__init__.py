"""Answers, bridges and comparisons written: text, hansard, HTML, CSV, CSV-W, JSON, ODS."""
