"""The `darkfigure` program."""
