"""As what somebody comes to the repository, and what each role may do by the policy."""

from __future__ import annotations

from enum import StrEnum

from darkfigure.basis.permission import Permission
from darkfigure_hub.store.policy import Purpose, Rule, is_bound, permissions_of, purposes, rules

__all__ = ["APPOINTED", "BOUND", "PERMISSIONS", "Purpose", "Role", "Rule", "purposes", "rules"]


class Role(StrEnum):
    """As what somebody comes to the repository."""

    OPERATOR = "operator"
    PUBLIC = "public"
    NOBODY = "nobody"
    NEWCOMER = "newcomer"
    REPORTING_OFFICER = "reporting_officer"
    AGENCY_SUPERVISOR = "agency_supervisor"
    AGENCY_ADMINISTRATOR = "agency_administrator"
    ANALYST = "analyst"
    GRADER = "grader"
    REQUIREMENT_MANAGER = "requirement_manager"
    STATISTICIAN = "statistician"
    ASSESSOR = "assessor"
    ANSWERS_DESK = "answers_desk"
    RELEASE_OFFICER = "release_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    PROGRAM = "program"

    @property
    def called(self) -> str:
        """The role in words."""
        return self.value.replace("_", " ").capitalize()


PERMISSIONS: dict[Role, frozenset[Permission]] = {role: permissions_of(role) for role in Role}
_OTHERS = (Role.OPERATOR, Role.PUBLIC, Role.NOBODY, Role.NEWCOMER, Role.PROGRAM)
#: The roles that somebody can be appointed to: a newcomer has signed in and has none yet, a program
#: is nobody.
APPOINTED = tuple(role for role in Role if role not in _OTHERS)
#: Those of agencies, which see and do nothing of others.
BOUND = frozenset(role for role in APPOINTED if is_bound(role))
