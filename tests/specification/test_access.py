"""What each who comes to the repository may do and see, said once more in plain words."""

from __future__ import annotations

from darkfigure.basis.marking import NOTHING, Marking
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import for_nobody, for_operator, for_public


def test_the_operator_may_do_everything_and_sees_what_is_official_sensitive():
    scope = for_operator("ada", "a test")
    assert (scope.who, scope.role, scope.purpose) == ("operator:ada", "operator", "a test")
    assert scope.permissions == frozenset(Permission)
    assert scope.sees == Marking.OFFICIAL_SENSITIVE
    assert scope.agency is None


def test_the_public_reads_what_is_published_and_no_more():
    scope = for_public("pages")
    assert (scope.who, scope.role, scope.purpose) == ("public", "public", "pages")
    assert scope.sees == Marking.PUBLIC
    assert scope.permissions == {
        Permission.READ_FIGURES,
        Permission.READ_HOLDINGS,
        Permission.READ_REQUIREMENTS,
        Permission.READ_COVERAGE,
        Permission.READ_DISCLOSURES,
        Permission.USE_INVITATION,
    }
    assert scope.agency is None


def test_nobody_may_do_nothing_and_sees_not_even_what_is_public():
    scope = for_nobody("a trial")
    assert (scope.who, scope.role, scope.purpose) == ("nobody", "nobody", "a trial")
    assert scope.permissions == frozenset()
    assert scope.sees == NOTHING < Marking.PUBLIC
    assert scope.agency is None
