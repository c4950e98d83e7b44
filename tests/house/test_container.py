"""The container file: what it copies is there, what it runs runs, and nothing secret is in it. Its
steps are done by hand, as no container is built here.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from darkfigure_hub.commands.table import COMMANDS

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
STEPS = [tuple(each.split(maxsplit=1)) for each in LINES if each and not each.startswith("#")]
#: What a step of a container file may be called.
KNOWN = {
    "FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL",
    "HEALTHCHECK", "ENTRYPOINT", "CMD",
}  # fmt: skip
SECRET = re.compile(r"SECRET|PASSWORD|TOKEN|KEY|DATABASE_URL|://[^/\s]+:[^/\s]+@", re.IGNORECASE)


def given(name):
    """What steps of a name are given, in order."""
    return [rest for step, rest in STEPS if step == name]


def hosts_of_guide():
    """The hosts that the guide starts it with."""
    guide = (ROOT / "docs" / "pages" / "running.md").read_text(encoding="utf-8")
    return re.search(r"podman run .*?DARKFIGURE_HOSTS=(\S+)", guide, re.DOTALL)[1].split(",")


def copied():
    """What is copied of the source."""
    words = [each.split() for each in given("COPY") if not each.startswith("--from")]
    return [name for each in words for name in each[:-1]]


def environment():
    """What the container sets."""
    return dict(pair.split("=", 1) for each in given("ENV") for pair in shlex.split(each))


def test_each_step_is_one_and_what_it_copies_is_there():
    assert {step for step, _ in STEPS} <= KNOWN
    assert copied()
    for name in copied():
        assert (ROOT / name).exists(), name


def test_what_is_left_out_is_all_that_is_not_copied():
    lines = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    kept = {each.removeprefix("!") for each in lines if each.startswith("!")}
    assert "*" in lines
    assert kept == set(copied())


def test_it_runs_as_a_user_without_rights_and_holds_no_secret():
    last = max(place for place, (step, _) in enumerate(STEPS) if step == "FROM")
    users = [rest for step, rest in STEPS[last:] if step == "USER"]
    assert users
    assert int(users[-1]) >= 10_000
    assert all(
        re.fullmatch(r"docker\.io/library/debian:\w+-slim( AS \w+)?", each)
        for each in given("FROM")
    )
    for name, value in environment().items():
        assert not SECRET.search(f"{name}={value}"), name
    tracked = subprocess.run(
        ["git", "ls-files", *copied()], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert not [each for each in tracked if fnmatch(each, "*.key") or fnmatch(each, "*.pem")]


@pytest.mark.skipif(not shutil.which("sh"), reason="there is no shell")
def test_what_it_runs_is_said_as_a_shell_takes_it():
    for each in given("RUN"):
        subprocess.run(["sh", "-n", "-c", each], check=True)


def test_what_it_starts_is_there():
    (program,), words = json.loads(given("ENTRYPOINT")[0]), json.loads(given("CMD")[0])
    assert program == f"{environment()['UV_PROJECT_ENVIRONMENT']}/bin/darkfigure"
    assert words[0] in {each.name.split()[0] for each in COMMANDS}
    here = Path(sys.executable).with_name("darkfigure")
    said = subprocess.run([here, words[0], "--help"], capture_output=True, text=True, check=True)
    for each in words[1:]:
        assert not each.startswith("--") or each in said.stdout.replace("worker/--", "worker --")
    python, code, text = json.loads(given("HEALTHCHECK")[0].partition("CMD ")[2])
    assert Path(python).parent == Path(program).parent
    assert code == "-c"
    compile(text, "health", "exec")
    assert re.search(r"http://([^:/]+):8000/ready'", text)[1] in hosts_of_guide()


@pytest.mark.packaging
def test_the_environment_it_builds_is_made_of_what_it_copies(tmp_path):
    """The step that needs no container: of those files alone, in the versions of the lock."""
    source = tmp_path / "source"
    source.mkdir()
    for name in copied():
        made = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        made(ROOT / name, source / name)
    step = next(each for each in given("RUN") if "uv sync" in each)
    uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
    words = [uv, *shlex.split(step)[1:]]
    held = {**os.environ, **environment(), "UV_PROJECT_ENVIRONMENT": str(tmp_path / "made")}
    held |= {"UV_PYTHON": "3.11", "UV_LINK_MODE": "symlink", "UV_COMPILE_BYTECODE": "0"}
    held.pop("VIRTUAL_ENV", None)
    words.remove("--no-cache")
    subprocess.run(words, cwd=source, env=held, check=True, capture_output=True)
    said = subprocess.run(
        [tmp_path / "made" / "bin" / "darkfigure", "--version"],
        cwd=tmp_path, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.strip()
    (start,) = (json.loads(each) for each in given("CMD"))
    subprocess.run(
        [tmp_path / "made" / "bin" / "darkfigure", start[0], "--help"],
        cwd=tmp_path, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True, check=True,
    )  # fmt: skip
