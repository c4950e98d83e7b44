"""What each role may do, as rows of the gate: from the policy's table."""

from __future__ import annotations

from darkfigure_hub.store.policy import is_bound, permissions_of, purposes_for, rules


def rules_of_roles() -> list[str]:
    """The statements that enter the rules of all roles."""
    roles = sorted({rule.role for rule in rules()})
    granted = {(rule.role, rule.permission): sorted(rule.grants) or None for rule in rules()}
    values = ", ".join(
        f"('{role}', '{permission}', {is_bound(role)}, {_array(granted.get((role, permission)))}, "
        f"{_array(purposes_for(role, permission))})"
        for role in roles
        for permission in sorted(permissions_of(role))
    )
    return [
        "DELETE FROM gate.rule",
        f"INSERT INTO gate.rule (role, permission, bound, grants, purposes) VALUES {values}",
    ]


def _array(names: list[str] | None) -> str:
    return "NULL" if names is None else f"ARRAY[{', '.join(map(repr, names))}]::text[]"
