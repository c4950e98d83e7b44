"""Running what pages show: the program in a data folder of its own, files, Python."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "darkfigure" / "data" / "sources"
#: Wide enough for tables, so that they are not broken.
COLUMNS = "110"


class NotAsSaid(Exception):
    """A page's command failed, or succeeded where the page says that it is refused."""


class Place:
    """A folder where commands of a page run, and the data folder that they use."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder, self.home = folder, home
        folder.mkdir(parents=True, exist_ok=True)
        for name, target in (
            ("examples", SOURCES),
            ("tables", SOURCES.parent / "estimation"),
            ("own", ROOT / "examples"),
        ):
            if not (folder / name).exists():
                (folder / name).symlink_to(target)

    @property
    def environment(self) -> dict[str, str]:
        """The reader's: the program on the path, the data folder, a terminal without colours."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        }
        path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
        return {
            **kept,
            "PATH": path,
            "DARKFIGURE_HOME": str(self.home),
            "COLUMNS": COLUMNS,
            "NO_COLOR": "1",
        }

    def shell(self, line: str, *, refused: bool = False) -> str:
        """What a command prints. Raises NotAsSaid where it ends otherwise than the page says."""
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        if (done.returncode != 0) is not refused:
            raise NotAsSaid(f"{line}\nended with {done.returncode}:\n{done.stdout}")
        return done.stdout.replace(str(self.folder) + "/", "").replace(str(ROOT) + "/", "")

    def python(self, blocks: list[str]) -> list[str]:
        """What each block of a page prints, run in order in one fresh interpreter."""
        return self._json("python", blocks)

    def commands(self, lines: list[list[str]]) -> list[str]:
        """What each command prints, run in order by one process: importing is done once."""
        return self._json("commands", lines)

    def _json(self, what: str, work: list[str] | list[list[str]]) -> list[str]:
        done = subprocess.run(
            [sys.executable, __file__, what],
            input=json.dumps(work),
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode:
            raise NotAsSaid(done.stderr)
        printed: list[str] = json.loads(done.stdout)
        return printed

    def stop(self) -> None:
        """Stop the data folder's server."""
        self.shell("darkfigure stop")


def prepare(place: Place) -> None:
    """Take in the example files and the SYNTHETIC casework, as a user would."""
    place.python(
        [
            "from pathlib import Path\n"
            "from darkfigure.synthetic.pentameter import write_returns\n"
            "Path('casework').mkdir(exist_ok=True)\n"
            "write_returns(Path('casework'))"
        ]
    )
    load_examples(place, "casework/*.json")
    place.shell("darkfigure requirements load human_trafficking")


def load_examples(place: Place, more: str = "") -> None:
    """Take in the example files, and more of them."""
    from darkfigure.reading.manifest import examples

    names = " ".join(f"examples/{example.name}" for example in examples())
    place.shell(f"darkfigure load {names} {more}")


def _python(blocks: list[str]) -> list[str]:
    space: dict[str, object] = {"__name__": "__main__"}
    printed = []
    for block in blocks:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(block, "a page of the manual", "exec"), space)
        printed.append(out.getvalue())
    return printed


def _commands(lines: list[list[str]]) -> list[str]:
    from darkfigure_hub.commands.gathered import program

    printed = []
    for arguments in lines:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            program()(arguments, prog_name="darkfigure", standalone_mode=False)
        printed.append(out.getvalue())
    return printed


if __name__ == "__main__":
    work = json.load(sys.stdin)
    json.dump({"python": _python, "commands": _commands}[sys.argv[1]](work), sys.stdout)
