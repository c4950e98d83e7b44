"""Who may do what: the one table of roles."""

from __future__ import annotations

from enum import StrEnum

from darkfigure.basis.permission import Permission


class Role(StrEnum):
    """As what somebody comes to the repository."""

    OPERATOR = "operator"
    PUBLIC = "public"
    NOBODY = "nobody"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OPERATOR: frozenset(Permission),
    Role.PUBLIC: frozenset(
        {
            Permission.READ_FIGURES,
            Permission.READ_HOLDINGS,
            Permission.READ_REQUIREMENTS,
            Permission.READ_COVERAGE,
            Permission.READ_DISCLOSURES,
        }
    ),
    Role.NOBODY: frozenset(),
}
