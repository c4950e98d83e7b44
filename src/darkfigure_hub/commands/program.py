"""The `darkfigure` program: where its commands are gathered, and where errors become sentences."""

from __future__ import annotations

import os
import sys

import django
from rich.console import Console

from darkfigure.basis.errors import DarkfigureError


def main() -> None:
    """Run the program; what Darkfigure says no to is printed as a sentence, with exit status 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "darkfigure_hub.settings")
    django.setup()
    from darkfigure_hub.commands.app import app  # noqa: PLC0415 - models can be imported only once Django is set up

    try:
        app(standalone_mode=True)
    except DarkfigureError as error:
        Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(
            str(error), style="red"
        )
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
