"""Packs and readings go into a backup and come back, all or none. All synthetic."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure_hub.store import kept_folders
from darkfigure_hub.store.kept_folders import KeptFile, put_back

EXAMPLES = Path(__file__).parents[2] / "examples" / "packs"
READING = 'columns = { Area = "area" }\n'


@pytest.fixture
def backup(tmp_path, monkeypatch):
    """A backup of a data folder with a pack and a reading, and another folder to restore into."""
    home = tmp_path / "home"
    shutil.copytree(EXAMPLES / "norland", home / "packs" / "norland")
    shutil.copytree(EXAMPLES / "norland", home / "packs" / ".norland.new")
    (home / "readings").mkdir()
    (home / "readings" / "synthetic.toml").write_text(READING)
    (home / "log.key").write_text("synthetic")
    monkeypatch.setenv("DARKFIGURE_HOME", str(home))
    made = io.BytesIO()
    with ZipFile(made, "w") as file:
        kept = kept_folders.write(file)
    monkeypatch.setenv("DARKFIGURE_HOME", str(tmp_path / "other"))
    with ZipFile(made) as file:
        yield file, kept, home, tmp_path / "other"


def held(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_was_kept_comes_back_and_nothing_else(backup):
    file, kept, home, other = backup
    with put_back(file, kept):
        pass
    wanted = {name: text for name, text in held(home).items() if "norland.new" not in name}
    del wanted["log.key"]
    assert held(other) == wanted
    assert {each.pack for each in kept} == {"norland", ""}
    with put_back(file, kept):  # what is there already, and the same, stays
        pass
    assert held(other) == wanted


def test_where_what_follows_fails_the_folder_is_as_it_was(backup):
    file, kept, _, other = backup
    (other / "readings").mkdir(parents=True)
    (other / "readings" / "synthetic.toml").write_text(READING)
    with put_back(file, kept[:1]):
        assert (other / kept[0].path).is_file()
    shutil.rmtree(other / "packs")
    with pytest.raises(DarkfigureError, match="what follows"), put_back(file, kept):
        raise DarkfigureError("what follows fails")
    assert held(other) == {"readings/synthetic.toml": READING.encode()}
    assert not (other / "packs").exists()


def test_another_pack_of_that_name_is_not_overwritten(backup):
    file, kept, _, other = backup
    (other / "packs" / "norland").mkdir(parents=True)
    (other / "packs" / "norland" / "pack.toml").write_text("another")
    before = held(other)
    with pytest.raises(DarkfigureError, match="is another than the backup's"), put_back(file, kept):
        pass
    assert held(other) == before


def test_a_file_that_is_not_as_it_was_written_is_refused(backup):
    file, kept, _, other = backup
    spoilt = [KeptFile(each.path, "0" * 64) for each in kept]
    with pytest.raises(Unreadable, match="not as it was written"), put_back(file, spoilt):
        pass
    assert held(other) == {}


@pytest.mark.parametrize(
    "path",
    [
        "packs/../../x/y",
        "/packs/x",
        "log.key",
        "packs/.x/pack.toml",
        "other/x",
        "packs",
        "packs/a\\b",
    ],
)
def test_no_file_is_put_elsewhere(path):
    with pytest.raises(ValueError, match=r".+"):
        KeptFile(path, "")
