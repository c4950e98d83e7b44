"""Build the pages' style into the package: GOV.UK Frontend without the typeface that is licensed
for GOV.UK alone.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from darkfigure.writing.page import COLOURS, SHARED

FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
TARGET = Path(__file__).parent.parent / "src" / "darkfigure_hub" / "web" / "static" / "web"


def main(modules: Path) -> None:
    """Copy the style from the installed npm package, with another typeface and the package's
    licence on top.
    """
    package = modules / "govuk-frontend"
    style = (package / "dist" / "govuk" / "govuk-frontend.min.css").read_text(encoding="utf-8")
    style = FONT_FACE.sub("", style).replace("GDS Transport", "Helvetica Neue")
    style = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", style)
    style = style.replace("url(/assets/images/govuk-crest.svg)", "none").removeprefix(
        '@charset "UTF-8";'
    )
    notice = (
        "/* GOV.UK Frontend 6.6.0, MIT License. Copyright (C) 2017 Crown Copyright "
        "(Government Digital Service). */\n"
    )
    (TARGET / "govuk-frontend.min.css").write_text(notice + style, encoding="utf-8")
    shared = "/* Written by `make assets` from darkfigure/writing/page.py. */\n" + COLOURS + SHARED
    (TARGET / "shared.css").write_text(shared, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
