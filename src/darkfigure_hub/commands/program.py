"""The `darkfigure` program: where errors become sentences."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from darkfigure.basis.errors import DarkfigureError


def main() -> None:
    """Run the program; what Darkfigure says no to is printed as a sentence, with exit status 2."""
    try:
        import_module("darkfigure_hub.commands.gathered").run()
    except DarkfigureError as error:
        refuse(error)
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def refuse(error: DarkfigureError) -> None:
    """Print what was said no to, in red on a terminal."""
    coloured = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    red, plain = ("\033[31m", "\033[0m") if coloured else ("", "")
    print(f"{red}{error}{plain}", file=sys.stderr)  # noqa: T201 - nothing else may be installed


if __name__ == "__main__":
    main()
