"""What an address may say."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field, ValidationInfo, model_validator

from darkfigure.tables.question import only_known
from darkfigure.writing.words import FALLBACK


class Address(Schema):
    """What an address may say; a name that is none of these is refused."""

    @model_validator(mode="before")
    @classmethod
    def _only_known(cls, data: Any, info: ValidationInfo) -> Any:
        request = (info.context or {})["request"]
        names = [field.alias or name for name, field in cls.model_fields.items()]
        only_known(request.GET.lists(), [*names, "language"])
        return data


class Spoken(Address):
    """In which language; nothing else is asked."""

    language: str = Field(FALLBACK, max_length=10, description="Where there are several: en or cy")
