"""Requirement coverage written: text, plain data, and a heat map whose cells open."""
