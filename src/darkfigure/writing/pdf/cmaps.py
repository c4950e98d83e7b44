"""Maps of character codes: to glyphs of a collection (CMap), to Unicode (ToUnicode).

The syntax is that of Adobe Technical Note 5014 as far as PDF files use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])|/([^\s<>\[\]/()]+)|([^\s<>\[\]/()]+)")
_COMMENT = re.compile(rb"%[^\r\n]*")
#: Ranges longer than this are of no font.
_LONGEST = 65536

#: The names of CMaps that every reader has (ISO 32000-1, table 118), by character collection.
PREDEFINED = {
    "Adobe-GB1": "GB-EUC GBpc-EUC GBK-EUC GBKp-EUC GBK2K UniGB-UCS2 UniGB-UTF16",
    "Adobe-CNS1": "B5pc HKscs-B5 ETen-B5 ETenms-B5 CNS-EUC UniCNS-UCS2 UniCNS-UTF16",
    "Adobe-Japan1": "83pv-RKSJ 90ms-RKSJ 90msp-RKSJ 90pv-RKSJ Add-RKSJ EUC Ext-RKSJ H V "
    "UniJIS-UCS2 UniJIS-UCS2-HW UniJIS-UTF16 UniJIS2004-UTF16",
    "Adobe-Korea1": "KSC-EUC KSCms-UHC KSCms-UHC-HW KSCpc-EUC UniKS-UCS2 UniKS-UTF16",
}
COLLECTION = {
    name if name in "HV" else f"{name}-{way}": collection
    for collection, names in PREDEFINED.items()
    for name in names.split()
    for way in "HV"
}
IDENTITIES = frozenset({"Identity-H", "Identity-V"})


def is_predefined(name: str) -> bool:
    """Whether every reader has the CMap."""
    return name in IDENTITIES or name in COLLECTION


@dataclass
class CMap:
    """What a CMap stream maps: how long codes are, and what each stands for."""

    spaces: list[tuple[int, int, int]] = field(default_factory=list)  # length, low, high
    cids: dict[int, int] = field(default_factory=dict)
    unicode: dict[int, str] = field(default_factory=dict)
    mode: int | None = None
    uses: str = ""

    def codes(self, data: bytes) -> Iterator[tuple[int, int]]:
        """The codes of a string, each with its length; two bytes where the map does not say."""
        at = 0
        while at < len(data):
            for length, low, high in self.spaces:
                code = int.from_bytes(data[at : at + length], "big")
                if at + length <= len(data) and low <= code <= high:
                    break
            else:
                length = min((each[0] for each in self.spaces), default=2)
                code = int.from_bytes(data[at : at + length], "big")
            yield code, length
            at += length


def read_cmap(data: bytes) -> CMap:
    """A CMap from its text. What is not understood is passed over."""
    made = CMap()
    tokens = [_token(found) for found in _TOKEN.finditer(_COMMENT.sub(b"", data))]
    block: list[bytes | str] = []
    last: bytes | str = b""
    for token in tokens:
        word = token if isinstance(token, str) else ""
        if word == "usecmap" and isinstance(last, str):
            made.uses = last.lstrip("/")
        elif word.startswith("begin"):
            block = []
        elif word.startswith("end"):
            _taken(made, word[3:], block)
            block = []
        else:
            block.append(token)
        if last == "/WMode" and word.isdigit():
            made.mode = int(word)
        last = token
    made.spaces.sort()
    return made


def _token(found: re.Match[bytes]) -> bytes | str:
    if found[1] is not None:
        digits = re.sub(rb"\s", b"", found[1])
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    if found[4] is not None:
        return "/" + found[4].decode("latin-1")
    return (found[2] or found[3] or found[5]).decode("latin-1")


def _taken(made: CMap, kind: str, block: list[bytes | str]) -> None:
    if kind == "codespacerange":
        for low, high in zip(block[::2], block[1::2], strict=False):
            if isinstance(low, bytes) and isinstance(high, bytes):
                made.spaces.append((len(low), _int(low), _int(high)))
    elif kind in ("cidrange", "cidchar"):
        step = 3 if kind == "cidrange" else 2
        for at in range(0, len(block) - step + 1, step):
            low, high, first = block[at], block[at + step - 2], block[at + step - 1]
            if isinstance(low, bytes) and isinstance(high, bytes) and str(first).isdigit():
                for code in _range(low, high):
                    made.cids[code] = int(str(first)) + code - _int(low)
    elif kind == "bfchar":
        for code_, text in zip(block[::2], block[1::2], strict=False):
            if isinstance(code_, bytes) and isinstance(text, bytes):
                made.unicode[_int(code_)] = _text(text)
    elif kind == "bfrange":
        _ranges(made, block)


def _ranges(made: CMap, block: list[bytes | str]) -> None:
    at = 0
    while at + 2 < len(block):
        low, high, to = block[at : at + 3]
        at += 3
        if not (isinstance(low, bytes) and isinstance(high, bytes)):
            continue
        if to == "[":
            for code in _range(low, high):
                if at < len(block) and isinstance(block[at], bytes):
                    made.unicode[code] = _text(bytes(block[at]))  # type: ignore[arg-type]
                    at += 1
            while at < len(block) and block[at] != "]":
                at += 1
            at += 1
        elif isinstance(to, bytes) and to:
            for code in _range(low, high):
                last = int.from_bytes(to[-2:], "big") + code - _int(low)
                made.unicode[code] = _text(to[:-2] + (last & 0xFFFF).to_bytes(2, "big"))


def _range(low: bytes, high: bytes) -> range:
    return range(_int(low), min(_int(high), _int(low) + _LONGEST) + 1)


def _int(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _text(data: bytes) -> str:
    return data.decode("utf-16-be", "replace") if len(data) > 1 else data.decode("latin-1")
