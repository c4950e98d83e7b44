"""Caches over the code lists and measures: forgotten when other packs come into use."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

T = TypeVar("T")
_CACHES: list[_lru_cache_wrapper[Any]] = []


def follows_lists(
    maxsize: int = 128,
) -> Callable[[Callable[..., T]], _lru_cache_wrapper[T]]:
    """A cache of what is worked out from code lists or measures."""

    def cached(function: Callable[..., T]) -> _lru_cache_wrapper[T]:
        made = lru_cache(maxsize)(function)
        _CACHES.append(made)
        return made

    return cached


def lists_changed() -> None:
    """Forget whatever was worked out from the lists as they were."""
    for each in _CACHES:
        each.cache_clear()
