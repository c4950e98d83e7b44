"""The department whose own sign-in lets people in, where one is named: by OpenID Connect."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from darkfigure.basis.errors import DarkfigureError
from darkfigure.codes import codes_for


@dataclass(frozen=True)
class Department:
    """A provider of OpenID Connect, and for the people of which agency it speaks."""

    issuer: str
    client: str
    secret: str
    called: str
    agency: str
    #: Values of the claims `amr` and `acr` that say a second factor was given there.
    second_factor: frozenset[str]


def department() -> Department | None:
    """The department that the settings name; nothing where they name none.

    Raises DarkfigureError where something of it is missing or not in the clear.
    """
    said: dict[str, str] = settings.DEPARTMENT
    if not said["ISSUER"]:
        return None
    if missing := [name for name in ("CLIENT", "SECRET", "NAME", "AGENCY") if not said[name]]:
        raise DarkfigureError(
            f"DARKFIGURE_OIDC_ISSUER is given, and DARKFIGURE_OIDC_{missing[0]} is not: signing in "
            "by a department's own needs both."
        )
    if not _is_sealed(said["ISSUER"]):
        raise DarkfigureError(
            "DARKFIGURE_OIDC_ISSUER is no address of a provider: it begins with https://, as the "
            "provider's own configuration says it."
        )
    agency = codes_for("agency").resolve(said["AGENCY"])
    factors = frozenset(said["SECOND_FACTOR"].replace(",", " ").split())
    return Department(said["ISSUER"], said["CLIENT"], said["SECRET"], said["NAME"], agency, factors)


def _is_sealed(address: str) -> bool:
    """Whether an address is reached by https, or is this machine's own."""
    found = urlsplit(address)
    if found.scheme == "https":
        return bool(found.hostname)
    try:
        return found.scheme == "http" and ip_address(found.hostname or "").is_loopback
    except ValueError:
        return False
