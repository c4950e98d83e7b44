"""The methods of estimation, one line each: what each does, takes and gives. Options, help, panel
and refusals follow from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.saying import Saying, say

#: What can be asked of a method, with the option that asks it.
OPTIONS = {
    "order": "--order",
    "model": "--model",
    "replicates": "--bootstrap",
    "seed": "--seed",
    "lists": "--lists",
    "threshold": "--threshold",
    "prior_variance": "--prior-variance",
    "draws": "--draws",
}
#: Lists that a table can have; those up to which methods go that try many models without a proof or
#: many classes.
MOST_LISTS, MOST_DRAWN = 16, 12


class NotTaken(DarkfigureError):
    """An option that the method does not take, or cannot do without."""


@dataclass(frozen=True)
class Method:
    """One method.

    `takes` names options; `chance` says when it draws at random: always, "replicates" (only with
    these) or never (""). `least` and `most` lists it can do with. `strata`: works by stratum;
    `bounds`: takes tables with counts given as bounds; `times`: takes how often each person was
    seen where the lists are not known. `main`: models how lists depend on one another.
    """

    name: str
    interval: Saying
    takes: tuple[str, ...] = ()
    chance: str = ""
    least: int = 2
    most: int = MOST_LISTS
    strata: bool = False
    bounds: bool = False
    times: bool = False
    main: bool = False
    needs: tuple[str, ...] = ()

    @property
    def does(self) -> Saying:
        """What it does, in a line."""
        return say(f"estimates.does.{self.name}")

    @property
    def options(self) -> str:
        """The options it takes, in words."""
        return ", ".join(OPTIONS[name] for name in self.takes) or "no options"


_LOGLINEAR = say("estimates.how.loglinear")
METHODS: dict[str, Method] = {
    each.name: each
    for each in (
        Method(
            "bic",
            _LOGLINEAR,
            ("order", "replicates", "seed"),
            "replicates",
            strata=True,
            bounds=True,
            main=True,
        ),
        Method(
            "aic",
            _LOGLINEAR,
            ("order", "replicates", "seed"),
            "replicates",
            strata=True,
            bounds=True,
            main=True,
        ),
        Method(
            "stepwise",
            _LOGLINEAR,
            ("replicates", "seed"),
            "replicates",
            strata=True,
            bounds=True,
            main=True,
        ),
        Method(
            "model",
            _LOGLINEAR,
            ("model", "replicates", "seed"),
            "replicates",
            strata=True,
            bounds=True,
            main=True,
            needs=("model",),
        ),
        Method(
            "average",
            say("estimates.how.tails"),
            ("order",),
            least=3,
            most=6,
            bounds=True,
            main=True,
        ),
        Method(
            "thresholded",
            say("estimates.how.quantiles"),
            ("order", "threshold", "prior_variance", "draws", "seed"),
            "always",
            least=3,
            most=MOST_DRAWN,
            main=True,
        ),
        Method(
            "graphs",
            say("estimates.how.quantiles"),
            most=6,
            bounds=True,
            main=True,
        ),
        Method(
            "latent",
            say("estimates.how.quantiles"),
            ("draws", "seed"),
            "always",
            least=3,
            most=MOST_DRAWN,
            main=True,
        ),
        Method(
            "chao",
            say("estimates.how.log_normal"),
            strata=False,
            bounds=True,
            times=True,
        ),
        Method(
            "zelterman",
            say("estimates.how.log_normal"),
            bounds=True,
            times=True,
        ),
        Method(
            "poisson",
            say("estimates.how.likelihood"),
            bounds=True,
            times=True,
        ),
        Method(
            "negative-binomial",
            say("estimates.how.likelihood"),
            bounds=True,
            times=True,
        ),
        Method(
            "family",
            say("estimates.how.asymptotic"),
            least=3,
            most=MOST_DRAWN,
            bounds=True,
        ),
        Method(
            "behaviour",
            say("estimates.how.likelihood"),
            least=3,
            most=MOST_DRAWN,
            bounds=True,
        ),
        Method(
            "jolly-seber",
            say("estimates.how.replicates"),
            ("replicates", "seed"),
            "always",
            least=3,
            most=MOST_DRAWN,
            bounds=False,
        ),
        Method(
            "two-lists",
            say("estimates.how.log_normal"),
            ("lists",),
            bounds=True,
        ),
    )
}
#: Left out of the panel: the user has to say more, or the lists have to be years.
ASKED_FOR = ("model", "jolly-seber", "two-lists")


def find(name: str) -> Method:
    """The method of that name. Raises UnknownName."""
    if name not in METHODS:
        raise UnknownName(f"{name!r} is not a method. Known are {', '.join(METHODS)}.")
    return METHODS[name]


def that(what: str) -> list[str]:
    """Names of the methods of which a field of Method is true."""
    return [each.name for each in METHODS.values() if getattr(each, what)]


def check(
    method: Method,
    given: Iterable[str],
    lists: Sequence[str],
    *,
    times: bool = False,
    bounds: bool = False,
) -> None:
    """Refuse what the method does not take, or what it lacks. `given` names options of OPTIONS.
    Raises NotTaken.
    """
    given = set(given)
    for name in OPTIONS:
        if name in given and name not in method.takes:
            able = [each.name for each in METHODS.values() if name in each.takes]
            raise NotTaken(
                f"{method.name} does not take {OPTIONS[name]} (it takes {method.options}). Leave "
                "it out, or choose "
                f"{', '.join(able)}."
            )
        if name in method.needs and name not in given:
            raise NotTaken(
                f"{method.name} needs {OPTIONS[name]}: say which, as {OPTIONS[name]} [12,13,25]."
            )
    if "seed" in given and method.chance == "replicates" and "replicates" not in given:
        raise NotTaken(
            f"{method.name} draws nothing at random without --bootstrap: leave --seed out, or "
            "ask "
            "for replicates."
        )
    if times:
        if not method.times:
            raise NotTaken(
                f"{method.name} needs to know who is on which list; the table says only how often "
                "persons were seen. Choose "
                f"{', '.join(that('times'))}."
            )
        return
    if bounds and not method.bounds:
        raise NotTaken(
            f"{method.name} does not take counts given as bounds. Choose "
            f"{', '.join(that('bounds'))}."
        )
    if bounds and "replicates" in given:
        raise NotTaken(
            "Replicates cannot be drawn from counts given as bounds: leave --bootstrap out."
        )
    if not method.least <= len(lists) <= method.most:
        span = (
            f"{method.least} lists or more"
            if len(lists) < method.least
            else f"{method.most} lists at most"
        )
        raise NotTaken(
            f"{method.name} takes {span}; the table has {len(lists)}. Merge or omit lists, or "
            "choose another method."
        )


def in_words() -> str:
    """Every method with what it does, for help."""
    return "; ".join(f"{each.name}: {each.does}" for each in METHODS.values())
