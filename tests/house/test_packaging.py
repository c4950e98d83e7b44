"""The wheel in environments of its own: what comes with which extra, and what is said of the rest.

Kept apart from a quick run by `pytest -m "not packaging"`. Built and installed from uv's cache
where that holds what is needed, in the versions of uv.lock.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import darkfigure

ROOT = Path(__file__).parents[2]
UV = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
pytestmark = [pytest.mark.packaging, pytest.mark.xdist_group("packaging")]
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
CHART = """
from datetime import date
from darkfigure.publication.vintages import Point
from darkfigure.writing import charts
from darkfigure.writing.charts.drawing import png
point = Point("Referrals", date(2023, 5, 4), 5, "Home Office")
drawn = charts.vintages("Referrals", {"2023": [point]}, date(2023, 1, 1), date(2024, 1, 1))
assert b"PNG" in png(drawn.svg)[:8], drawn.svg[:80]
print("drawn")
"""
LINK = """
from darkfigure.linkage import DuckEngine, as_list, link
from darkfigure.synthetic.agency_lists import synthetic_lists
found = link(as_list(synthetic_lists(60), "lists"), DuckEngine())
least, decided, most = found.found.persons
assert 0 < least <= most, (least, most)
print("linked")
"""


def uv(*arguments: str | Path) -> str:
    """Run uv: offline first, from its cache; else as it likes."""
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    for offline in (["--offline"], []):
        done = subprocess.run(
            [UV, *map(str, arguments), *offline],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=env,
            check=False,
        )
        if not done.returncode:
            return done.stdout
    raise AssertionError(done.stderr)


class Environment:
    """A fresh environment with the wheel and some of its extras."""

    def __init__(self, folder: Path, wheel: Path, versions: Path, extra: str) -> None:
        self.folder = folder
        uv("venv", "--quiet", "--python", "3.11", folder)
        python = ["--python", folder / "bin" / "python", "--link-mode", "symlink"]
        uv("pip", "install", "--quiet", *python, "-c", versions, f"darkfigure{extra} @ {wheel}")

    def run(self, code: str) -> subprocess.CompletedProcess[str]:
        """Run code there, in a folder that holds nothing."""
        return self.started("python", "-c", code)

    def started(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Start a program of the environment."""
        empty = self.folder / "empty"
        empty.mkdir(exist_ok=True)
        return subprocess.run(
            [self.folder / "bin" / name, *arguments],
            capture_output=True,
            text=True,
            cwd=empty,
            env={"PATH": os.environ["PATH"], "HOME": str(empty)},
            check=False,
        )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    uv("build", "--wheel", "--quiet", "--out-dir", folder)
    versions = folder / "versions.txt"
    versions.write_text(
        uv("export", "--frozen", "--no-emit-project", "--no-hashes", "--quiet", "--no-annotate")
    )
    (wheel,) = folder.glob("*.whl")
    return lambda name, extra: Environment(folder / name, wheel, versions, extra)


@pytest.fixture(scope="module")
def bare(built):
    return built("bare", "")


def test_the_version_is_one():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert darkfigure.__version__ == version("darkfigure") == project["version"]


def test_the_library_alone_gives_the_answers_of_the_readme(bare):
    for block in BLOCKS:
        if "linkage" in block or "mse.panel" in block:
            continue
        expected = re.findall(r"print\(found\..*\)  # (.*)", block)
        done = bare.run(block)
        assert not done.returncode, done.stderr
        assert all(each in done.stdout for each in expected), done.stdout
    assert "528" in bare.run(BLOCKS[0]).stdout


def test_the_library_alone_estimates(bare):
    code = """
import darkfigure.estimation as mse
print(round(mse.stepwise(mse.example("uk_2013_list_overlaps")).total, 3))
"""
    done = bare.run(code)
    assert (done.stdout.strip(), done.stderr) == ("11417.991", "")


def test_the_library_alone_brings_no_framework(bare):
    done = bare.run(
        "from importlib.util import find_spec\n"
        "names = 'django', 'psycopg', 'typer', 'vl_convert', 'splink', 'pyspark'\n"
        "print([name for name in names if find_spec(name)])"
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("code", "extra"),
    [
        (CHART, "charts"),
        (LINK, "linkage"),
        ("from darkfigure.reading.agency_lists import read_lists", "linkage"),
        ("from darkfigure.writing.pdf.accessible import check_pdf", "assessment"),
        ("from darkfigure.writing.pdf.setting import set_pages", "assessment"),
    ],
)
def test_what_is_missing_is_named_in_a_sentence(bare, code, extra):
    caught = f"try:\n{code.strip()}\n".replace("\n", "\n    ").rstrip(" ")
    done = bare.run(
        "from darkfigure.basis.errors import DarkfigureError\n"
        f"{caught}\nexcept DarkfigureError as error:\n    print(error)"
    )
    assert f"pip install 'darkfigure[{extra}]'" in done.stdout, done.stderr


def test_the_program_without_the_hub_says_what_to_install(bare):
    done = bare.started("darkfigure", "measures")
    assert done.returncode == 2
    assert "pip install 'darkfigure[hub]'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("extra", "code"), [("charts", CHART), ("linkage", LINK)])
def test_an_extra_does_what_it_is_for(built, extra, code):
    done = built(extra, f"[{extra}]").run(code)
    assert not done.returncode, done.stderr


def test_the_hub_runs_without_charts_and_linkage(built):
    hub = built("hub", "[hub]")
    assert "victims_recovered" in hub.started("darkfigure", "measures").stdout
    assert "schema" in hub.started("darkfigure", "requirements", "schema").stdout
    done = hub.run(
        "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'darkfigure_hub.settings'\n"
        "import django\ndjango.setup()\nimport darkfigure_hub.urls\nprint('served')"
    )
    assert "served" in done.stdout, done.stderr  # every page is there without what tests bring
    assert hub.started("darkfigure", "synthetic-lists", "--out", "lists").returncode == 0
    done = hub.started("darkfigure", "link", "lists/synthetic-police.csv")
    assert done.returncode == 0, done.stderr  # a list of few needs no training


def test_the_client_speaks_to_a_hub_without_one_of_its_own(built):
    client = built("client", "[client]")
    done = client.started("darkfigure", "--hub", "http://darkfigure.example.org", "asks")
    assert (done.returncode, "DARKFIGURE_TOKEN" in done.stderr) == (2, True)
    done = client.run(
        "from darkfigure.client import Hub\n"
        "from darkfigure.basis.errors import StoreUnavailable\n"
        "try:\n    Hub('http://127.0.0.1:9', 'x', tries=1).asks()\n"
        "except StoreUnavailable as error:\n    print(error)"
    )
    assert "cannot be reached" in done.stdout, done.stderr
    done = client.started("darkfigure", "measures")
    assert (done.returncode, "pip install 'darkfigure[hub]'" in done.stderr) == (2, True)
