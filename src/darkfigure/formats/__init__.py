"""Files in and out. Reading: one module for each kind of file. Writing: text, hansard, HTML, CSV, JSON, ODS."""

from darkfigure.formats.kinds import KINDS, evidence_from, read_file, recognise

__all__ = ["KINDS", "evidence_from", "read_file", "recognise"]
