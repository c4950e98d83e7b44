"""Whatever comes by a door is a value or is turned away with a sentence: sound and known bad files,
broken in any way, 300 to a door. `make fuzz` goes on for ten minutes.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager

import pytest
from doors import DOORS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import LARGEST, mutated

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.linkage import read_model

pytestmark = pytest.mark.long
NUMBER = st.integers(0, LARGEST - 1)
STEPS = st.lists(st.tuples(NUMBER, NUMBER, NUMBER), min_size=1, max_size=4)
#: Far more than any file here takes, on a machine with much else to do.
SECONDS = 60


@contextmanager
def within(seconds):
    def stop(_signal, _frame):
        raise TimeoutError(f"It took longer than {seconds} seconds.")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", DOORS)
def test_what_is_broken_is_turned_away(name, tmp_path_factory):
    door, folder = DOORS[name], tmp_path_factory.mktemp("broken")

    @settings(max_examples=300, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(door.seeds), STEPS)
    def broken(content, steps):
        with within(SECONDS):
            door.let_in(mutated(content, steps), folder)

    broken()


@pytest.mark.parametrize("name", DOORS)
def test_a_door_lets_in_what_is_sound(name, tmp_path):
    """A door that turned everything away would pass any test."""
    door = DOORS[name]
    assert any(door.let_in(content, tmp_path) == "" for content in door.seeds)


def test_nothing_of_a_linkage_model_is_put_into_a_query_unread():
    (sound,) = DOORS["linkage models"].seeds
    read_model(sound.decode())
    asked = sound.decode().replace('"only": ""', '"only": "1 = 1"', 1)
    assert asked != sound.decode()
    with pytest.raises(Unreadable):
        read_model(asked)


def test_a_fault_of_ours_is_found(tmp_path):
    """What is no DarkfigureError comes through."""

    def fails(_path):
        raise IndexError

    door = DOORS["asks"]
    with pytest.raises(IndexError):
        type(door)("fails", fails, ()).let_in(b"", tmp_path)

    def refuses(_path):
        raise DarkfigureError("a sentence")

    assert type(door)("refuses", refuses, ()).let_in(b"", tmp_path) == "a sentence"
