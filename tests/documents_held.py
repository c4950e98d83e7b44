"""A JSON document held to the Schema that it names."""

from __future__ import annotations

import json
from functools import lru_cache

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match

from darkfigure import __version__
from darkfigure.writing.documents.head import LICENCE, identity, schema_text


def no_constant(name):
    """NaN and infinity are no JSON."""
    raise AssertionError(f"{name} stands in a document")


@lru_cache
def validator(name):
    """What holds a document: its Schema as kept, days as days."""
    schema = json.loads(schema_text(name))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker(["date"]))


def held(text, name=None):
    """The document as plain data, once it fits the Schema it names; of `name`, where that is given.
    A JSON Feed says of itself what others say at their head.
    """
    data = json.loads(text, parse_constant=no_constant)
    head = data.get("_darkfigure", data)
    found = head["schema"].removeprefix("darkfigure:").partition("/")[0]
    assert name in (None, found)
    assert head["schema"] == identity(found)
    assert (head["version"], head["licence"]) == (__version__, LICENCE)
    fault = best_match(validator(found).iter_errors(data))
    assert fault is None, f"{fault.json_path}: {fault.message[:300]}"
    return data
