"""Signatures in minisign's form (https://jedisct1.github.io/minisign/): Ed25519 over the
BLAKE2b-512 hash of a file, with a comment that is signed too. The same file and key give the same
bytes; `minisign -V` checks them, on any machine and without a network.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from hashlib import blake2b

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from darkfigure.basis.errors import Unreadable

#: What stands before a public key, and before a signature of a hashed file.
_KEY, _HASHED = b"Ed", b"ED"
ENDING = ".minisig"


def public_key_of(seed: bytes) -> str:
    """The public key of a secret one, as minisign writes it in a file."""
    raw = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    number = _number(raw)
    return (
        f"untrusted comment: minisign public key {number[::-1].hex().upper()}\n"
        f"{b64encode(_KEY + number + raw).decode()}\n"
    )


def signature_of(body: bytes, seed: bytes, said: str) -> bytes:
    """The signature of a file; `said` is one line that is signed with it."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    number = _number(key.public_key().public_bytes_raw())
    made = key.sign(blake2b(body, digest_size=64).digest())
    line = " ".join(said.split())
    both = key.sign(made + line.encode())
    return (
        "untrusted comment: signature by the repository that released it\n"
        f"{b64encode(_HASHED + number + made).decode()}\n"
        f"trusted comment: {line}\n"
        f"{b64encode(both).decode()}\n"
    ).encode()


def check_signature(body: bytes, signature: bytes, public: str) -> str:
    """The line that was signed with a file. Raises Unreadable where the signature is not of this
    file by this key.
    """
    try:
        _, key, *_ = public.strip().splitlines()
        _, made, line, both = signature.decode().strip().splitlines()
        raw_key, raw = b64decode(key, validate=True), b64decode(made, validate=True)
        said = line.removeprefix("trusted comment: ")
        checked = Ed25519PublicKey.from_public_bytes(raw_key[10:])
        if raw_key[:2] != _KEY or raw[:2] != _HASHED or raw[2:10] != raw_key[2:10]:
            raise InvalidSignature
        checked.verify(raw[10:], blake2b(body, digest_size=64).digest())
        checked.verify(b64decode(both, validate=True), raw[10:] + said.encode())
    except (InvalidSignature, ValueError):
        raise Unreadable(
            "The signature is not of this file by this key: the file, or its signature, is another."
        ) from None
    return said


def _number(raw: bytes) -> bytes:
    """The eight bytes that name a key: of its hash, since a name made by chance would differ."""
    return blake2b(raw, digest_size=8).digest()
