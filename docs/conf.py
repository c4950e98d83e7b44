"""Sphinx, told how the manual looks. Nothing is fetched while it is built or read."""

project = "Darkfigure"
author = "The Darkfigure developers"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
html_theme = "furo"
html_title = "Darkfigure: the manual"
language = "en"
myst_heading_anchors = 3
suppress_warnings = ["myst.header", "misc.highlighting_failure"]
html_copy_source = False
html_show_sourcelink = False
