"""Files in: which kind a file is, and its reading with every fault named. One module for each
source stands in `sources/`.
"""

from darkfigure.reading.kinds import KINDS, evidence_from, read_file, read_files, recognise

__all__ = ["KINDS", "evidence_from", "read_file", "read_files", "recognise"]
