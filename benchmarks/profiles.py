"""Where the time of each benchmark goes: a flame graph of each (profiles/NAME.svg), and the
heaviest functions in words.

Run with `make profiles`. py-spy looks at the process a hundred times a second from outside; what
PostgreSQL does meanwhile is seen as waiting for it. Sizes are smaller than those of `make bench`.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PLACE = HERE / "profiles"
#: The program with its arguments, and what is set for it. LISTS and MODEL are made.
PROFILED: dict[str, tuple[str, dict[str, str]]] = {
    "casework": ("casework.py", {"PERSONS": "60000"}),
    "statements": ("statements.py", {"ROWS": "300000", "REVISED": "30000"}),
    "snapshots": ("snapshots.py", {"ROWS": "300000"}),
    "linking": ("linkage.py ours LISTS MODEL", {"DRAWS": "0"}),
    "estimation": ("estimation.py", {"QUICK": "1"}),
    "coverage": ("reporting.py", {}),
}
#: A frame of a flame graph: how wide it is and what it says.
FITTED = re.compile(
    r'(?P<before><title>(?P<title>[^<]*)</title><rect[^>]*? width="(?P<width>[\d.]+)%"[^>]*/>'
    r"<text[^>]*>)(?P<words>[^<]*)</text>"
)
#: Pixels of a whole graph and of a letter in it, and how few letters are none.
_WIDTH, _LETTER, _FEW = 1180, 7.1, 3
#: The same: the function, its file and line, and its share of all samples.
FRAME = re.compile(r"<title>(.+?) \(([^()]+)\) \([\d,]+ samples, ([\d.]+)%\)</title>")


def record(name: str, command: str, settings: dict[str, str], folder: str) -> Path:
    """One flame graph."""
    made = {"LISTS": f"{folder}/lists.parquet", "MODEL": f"{folder}/model.json"}
    program, *arguments = (made.get(word, word) for word in command.split())
    if "LISTS" in command:
        make = [sys.executable, str(HERE / program), "make", made["LISTS"], "200000", "101"]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
    path = PLACE / f"{name}.svg"
    spying = ["py-spy", "record", "--rate", "100", "--idle", "--output", str(path), "--"]
    asked = [*spying, sys.executable, str(HERE / program), *arguments]
    subprocess.run(asked, env={**os.environ, **settings}, check=True)
    path.write_text(still(path.read_text(encoding="utf-8")), encoding="utf-8")
    return path


def still(graph: str) -> str:
    """The graph without its script, which makes labels fit; the whole of one shows under the
    pointer.
    """
    drawn = re.sub(r"<script.*?</script>", "", graph, flags=re.DOTALL)
    drawn = drawn.replace(' onload="init(evt)"', "")
    drawn = re.sub(r'(<text id="title"[^>]*>)[^<]*', r"\g<1>where the time goes", drawn)

    def fitted(frame: re.Match[str]) -> str:
        fits = int(float(frame["width"]) / 100 * _WIDTH / _LETTER)
        words = html.unescape(frame["words"] or frame["title"].split(" (")[0])
        label = words if len(words) <= fits else words[: fits - 2] + ".." if fits > _FEW else ""
        return frame["before"] + html.escape(label) + "</text>"

    return FITTED.sub(fitted, drawn)


def heaviest(path: Path, number: int = 12) -> list[str]:
    """The functions of this project in which, or in what they call, most of the time was spent."""
    shares: dict[str, float] = {}
    for function, where, share in FRAME.findall(html.unescape(path.read_text(encoding="utf-8"))):
        if "darkfigure" in where:
            name = f"{function} ({where.split('/src/')[-1]})"
            shares[name] = max(shares.get(name, 0.0), float(share))
    ordered = sorted(shares.items(), key=lambda each: -each[1])[:number]
    return [f"{share:5.1f}%  {name}" for name, share in ordered]


def main() -> None:
    """Record every flame graph, or those named, and print what is heaviest."""
    PLACE.mkdir(exist_ok=True)
    for name in sys.argv[1:] or PROFILED:
        with tempfile.TemporaryDirectory(prefix="df-profile-") as folder:
            path = record(name, *PROFILED[name], folder)
        print(f"\n{name}: {path.relative_to(HERE.parent)}")
        print("\n".join(heaviest(path)), flush=True)


if __name__ == "__main__":
    main()
