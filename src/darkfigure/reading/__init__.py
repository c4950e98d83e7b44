"""Files in: which kind a file is, and its reading with every fault named. One module for each
source stands in `sources/`.
"""

from typing import TYPE_CHECKING

from darkfigure.basis.loading import names_from

if TYPE_CHECKING:
    from darkfigure.reading.kinds import KINDS, evidence_from, read_file, read_files, recognise
    from darkfigure.reading.manifest import example

__all__ = ["KINDS", "evidence_from", "example", "read_file", "read_files", "recognise"]

__getattr__ = names_from(__name__, dict.fromkeys(__all__, "kinds") | {"example": "manifest"})
