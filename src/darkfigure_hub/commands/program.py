"""The `darkfigure` program: where errors become sentences."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from importlib import import_module

import darkfigure
from darkfigure.basis.errors import DarkfigureError


def main() -> None:
    """Run the program; what Darkfigure says no to is printed as a sentence, with exit status 2."""
    keep_compiled()
    try:
        import_module("darkfigure_hub.commands.gathered").run()
    except DarkfigureError as error:
        refuse(error)
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def keep_compiled() -> None:
    """Name a folder for what Numba compiles, where it may write neither beside the package nor in
    the user's home: it stops without one.
    """
    beside = os.path.join(os.path.dirname(darkfigure.__file__), "estimation", "__pycache__")
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~")
    if "NUMBA_CACHE_DIR" in os.environ or os.access(beside, os.W_OK) or os.access(home, os.W_OK):
        return
    folder = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"darkfigure-{os.getuid()}-compiled")  # noqa: S108
    with suppress(FileExistsError):
        os.mkdir(folder, 0o700)
    held = os.lstat(folder)
    if stat.S_ISDIR(held.st_mode) and held.st_uid == os.getuid() and not held.st_mode & 0o077:
        os.environ["NUMBA_CACHE_DIR"] = folder  # nobody else can have put anything into it
    else:
        os.environ["NUMBA_DISABLE_JIT"] = "1"  # slow, and safe


def refuse(error: DarkfigureError) -> None:
    """Print what was said no to, in red on a terminal."""
    coloured = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    red, plain = ("\033[31m", "\033[0m") if coloured else ("", "")
    print(f"{red}{error}{plain}", file=sys.stderr)  # noqa: T201 - nothing else may be installed


if __name__ == "__main__":
    main()
