"""Say whose responses these are, as responses.yaml in the data folder of this installation has
it.
"""

from __future__ import annotations

from pathlib import Path

from darkfigure.publication.response import Authority
from darkfigure.reading.door import text_of
from darkfigure.reading.request_files import MOST, read_authority
from darkfigure_hub.store.folder import data_folder

NAME = "responses.yaml"


def authority_here() -> Authority:
    """The authority, as far as the file says; nothing of it where there is no file."""
    path: Path = data_folder() / NAME
    return read_authority(text_of(path, MOST), NAME) if path.is_file() else Authority()
