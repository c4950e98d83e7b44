"""Loading late: names of a package from modules imported when first asked for, and what is not
installed said in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from darkfigure.basis.errors import NotInstalled

#: What each extra of the package brings, and for what.
EXTRAS = {
    "hub": "The repository and the program `darkfigure`",
    "client": "Reporting to a hub elsewhere",
    "linkage": "Linking records",
    "assessment": "Writing and checking PDF",
    "charts": "A chart as PNG",
    "spark": "Linking and asking by Spark",
    "disclosure": "Proving what tables hide",
    "surveys": "Reading Stata, SPSS and SAS files",
}


def names_from(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """A `__getattr__` for a package: each name from its module, imported when first asked for.

    A name without a home of its own (an empty string) is a module itself.
    """

    def named(name: str) -> Any:
        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        if not home:
            return import_module(f"{package}.{name}")
        return getattr(import_module(f"{package}.{home}"), name)

    return named


def called_from(module: str, name: str) -> Callable[..., Any]:
    """A function of a module that is imported when the function is first called."""

    def called(*given: Any) -> Any:
        return getattr(import_module(module), name)(*given)

    return called


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Around imports that an extra brings. Raises NotInstalled, saying how to install it."""
    try:
        yield
    except NotInstalled:
        raise
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in ("darkfigure", "darkfigure_hub"):
            raise
        raise NotInstalled(
            f"{EXTRAS[name]} needs {error.name}, which is not installed: "
            f"pip install 'darkfigure[{name}]'"
        ) from error
