"""Requirement sets against their JSON Schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jsonschema import Draft202012Validator, ValidationError


def faults(schema: Mapping[str, Any], data: Any) -> Iterable[ValidationError]:
    """Everything in which data depart from a Schema."""
    found: Iterable[ValidationError] = Draft202012Validator(schema).iter_errors(data)
    return found
