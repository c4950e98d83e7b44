"""How a sound file is broken: bytes changed, cut, doubled, moved, and what no form expects put in.

A step is three numbers, so that whatever chooses numbers (Hypothesis, a generator with a seed, a
fuzzer guided by coverage) can break a file, and the same numbers break it in the same way.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable

Step = tuple[int, int, int]
#: How large a number of a step may be.
LARGEST = 2**16
#: A file does not grow beyond these many bytes.
MOST = 200_000
ODD = (
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    b"\\ud800",
    b"\\u0000",
    b'"',
    b'""',
    b"'",
    b",",
    b",,,,",
    b";",
    b"\t",
    b"\r",
    b"\n",
    b"\r\n",
    b"\n\n",
    "\u2028".encode(),
    "\u0085".encode(),
    "\u0661\u0662\u0663".encode(),
    "\uff11".encode(),
    "\u00b2".encode(),
    "\u202e".encode(),
    "\u0130".encode(),
    "e\u0301".encode(),
    b"1e400",
    b"-1e400",
    b"1e9",
    b"NaN",
    b"Infinity",
    b"-0",
    b"0x10",
    b"1_000",
    b"0.1",
    b"-1",
    b"9" * 25,
    b"9" * 5000,
    b"2" * 20 + b"-01-01",
    b"0000-00-00",
    b"0001-01-01",
    b"9999-12-31",
    b"2026-02-30",
    b"99999 Q4",
    b"0000",
    b"9999",
    b"9999-00",
    b"31.12.9999",
    b"null",
    b"true",
    b"{}",
    b"[]",
    b"{",
    b"[",
    b"]",
    b"}",
    b":",
    b": ",
    b"- ",
    b"&a *a",
    b"!!python/object:os.system",
    b"!!binary YQ",
    b"? ",
    b"<<: ",
    b"{x}",
    b"%s",
    b"=1+1",
    b"x" * 40_000,
    b"[" * 3000,
    b'{"a":' * 3000,
    b"- " * 500,
)


def _at(content: bytes, place: int) -> int:
    return place * len(content) // LARGEST


def _put(content: bytes, place: int, number: int) -> bytes:
    at = _at(content, place)
    return content[:at] + ODD[number % len(ODD)] + content[at:]


def _replace(content: bytes, place: int, number: int) -> bytes:
    """A cell, number or word gives way to something odd."""
    at = _at(content, place)
    start = max((content.rfind(mark, 0, at) for mark in (b",", b"\n", b'"', b" ", b":")), default=0)
    ends = [content.find(mark, at) for mark in (b",", b"\n", b'"', b" ", b":")]
    end = min((each for each in ends if each >= 0), default=len(content))
    return content[: start + 1] + ODD[number % len(ODD)] + content[end:]


def _flip(content: bytes, place: int, number: int) -> bytes:
    at = _at(content, place)
    return content[:at] + bytes([number % 256]) + content[at + 1 :]


def _cut(content: bytes, place: int, number: int) -> bytes:
    at = _at(content, place)
    return content[:at] + content[at + 1 + number % 40 :]


def _end(content: bytes, place: int, _number: int) -> bytes:
    return content[: _at(content, place)]


def _double(content: bytes, place: int, number: int) -> bytes:
    at, size = _at(content, place), 1 + number % 400
    return content[: at + size] + content[at:]


def _repeat(content: bytes, place: int, number: int) -> bytes:
    at, size = _at(content, place), 1 + number % 40
    return content[:at] + content[at : at + size] * (1 + number % 300) + content[at + size :]


def _swap(content: bytes, place: int, number: int) -> bytes:
    """Two lines, or two values of one, change places."""
    mark = b"\n" if number % 2 else b","
    parts = content.split(mark)
    at, other = place % len(parts), number % len(parts)
    parts[at], parts[other] = parts[other], parts[at]
    return mark.join(parts)


def _drop(content: bytes, place: int, number: int) -> bytes:
    """A line or a value is left out."""
    mark = b"\n" if number % 2 else b","
    parts = content.split(mark)
    del parts[place % len(parts)]
    return mark.join(parts)


def _recode(content: bytes, _place: int, number: int) -> bytes:
    """The same text in another encoding, with other line ends, packed, or packed and torn."""
    text = content.decode("utf-8", "replace")
    packed = gzip.compress(content, 1, mtime=0)
    return (
        text.encode("utf-16"),
        text.encode("utf-16-le", "replace"),
        text.encode("cp1252", "replace"),
        text.encode("utf-8-sig", "replace"),
        content.replace(b"\n", b"\r"),
        content.replace(b"\n", b"\r\n"),
        content.replace(b",", b";"),
        content.replace(b",", b"\t"),
        packed,
        packed[: number % len(packed)],
        gzip.compress(bytes(10_000_000), 9, mtime=0),
    )[number % 11]


WAYS = (_put, _put, _replace, _replace, _replace, _flip, _cut, _end, _double, _repeat, _swap, _drop)


def mutated(content: bytes, steps: Iterable[Step]) -> bytes:
    """A file after these steps; each is a way, a place and a number."""
    for way, place, number in steps:
        change = _recode if way % 100 > 95 else WAYS[way % len(WAYS)]
        content = change(content, place, number)[:MOST]
    return content


def steps_from(numbers: bytes) -> list[Step]:
    """Steps from bytes, six to a step."""
    pairs = [int.from_bytes(numbers[at : at + 2]) for at in range(0, len(numbers) - 1, 2)]
    return [(pairs[at], pairs[at + 1], pairs[at + 2]) for at in range(0, len(pairs) - 2, 3)]
