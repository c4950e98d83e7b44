"""Permission is a wall, read from the code: every flow asks for one permission, and a query that
takes a scope reads it.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from darkfigure.basis.errors import NotPermitted
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import for_nobody, for_operator, for_public
from darkfigure_hub.access.roles import PERMISSIONS, Role

HUB = Path(__file__).parents[2] / "src" / "darkfigure_hub"
#: What a flow may do with the store without a scope: what belongs to the machine, not to a reader.
OF_THE_MACHINE = {"bring_up_to_date", "connect", "count_work", "open_repository", "stop_server"}


def functions(path):
    return [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]


def takes_scope(function):
    arguments = function.args
    return "scope" in {
        each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    }


def required(node):
    """The permissions asked for anywhere in a function, by name."""
    return [
        each.args[0].attr
        for each in ast.walk(node)
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "scope.require"
    ]


FLOWS = [
    pytest.param(function, path, id=f"{path.stem}.{function.name}")
    for path in sorted((HUB / "flows").glob("*.py"))
    for function in functions(path)
    if not function.name.startswith("_")
]


def test_flows_are_found():
    assert len([each for each in FLOWS if takes_scope(each.values[0])]) > 35


@pytest.mark.parametrize(("function", "path"), FLOWS)
def test_a_flow_asks_for_exactly_one_permission_before_anything_else(function, path):
    if not takes_scope(function):
        store = [
            alias.asname or alias.name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("darkfigure_hub.store.queries")
            for alias in node.names
        ]
        used = {each.id for each in ast.walk(function) if isinstance(each, ast.Name)} & set(store)
        assert not used or function.name in OF_THE_MACHINE, (
            f"{function.name} uses {', '.join(sorted(used))} of the store and knows no scope: give "
            "it one, and let it ask for a permission."
        )
        return
    asked = required(function)
    assert len(asked) == 1, f"{function.name} asks for {asked or 'no permission'}: ask for one."
    first = function.body[1]
    assert ast.unparse(first) == f"scope.require(Permission.{asked[0]})", (
        f"{function.name} does something before it asks for Permission.{asked[0]}."
    )


def test_nobody_but_public_flows_asks_for_a_permission():
    """What is private to a flow, a face or the store does not: but for names, which are asked for
    twice.
    """
    asking = {
        f"{path.stem}.{function.name}"
        for folder in ("commands", "web", "api", "store", "access")
        for path in (HUB / folder).rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef) and required(function)
    }
    assert asking == {
        "identity.names_among",
        "identity.names_of",
        "identity.file_names",
        "origins.spellings",
        "responses.request_texts",
        "subjects.in_words",
        "subjects.named",
    }


def test_every_permission_is_asked_for_and_somebody_has_it():
    asked = {name for each in FLOWS for name in required(each.values[0])}
    # What is shared under a condition is shown to who may have it, by the gate.
    assert {each.name for each in Permission} - asked == {"READ_CONDITIONAL"}
    assert frozenset().union(*PERMISSIONS.values()) == frozenset(Permission)
    assert set(PERMISSIONS) == set(Role)


def test_the_public_reads_what_is_published_and_does_nothing():
    allowed = PERMISSIONS[Role.PUBLIC]
    assert {each.name.partition("_")[0] for each in allowed - {Permission.USE_INVITATION}} == {
        "READ"
    }
    assert not allowed & {Permission.READ_NAMES, Permission.READ_RECORDS, Permission.READ_LOG}
    assert PERMISSIONS[Role.NOBODY] == frozenset()


@pytest.mark.parametrize("permission", list(Permission))
def test_a_refusal_is_a_sentence(permission):
    for_operator("test", "test").require(permission)
    with pytest.raises(
        NotPermitted, match=r"^(Only the centre('s operators)?|nobody is not permitted to) .*\.$"
    ):
        for_nobody("test").require(permission)


def test_the_public_is_named_in_its_refusal():
    with pytest.raises(NotPermitted, match=r"^public is not permitted to take a snapshot\.$"):
        for_public("test").require(Permission.TAKE_SNAPSHOT)


def test_who_signed_in_is_not_told_of_by_a_number():
    said = str(Permission.TAKE_SNAPSHOT.refusal("account:8"))
    assert said == "What you act as is not permitted to take a snapshot."


def reads_scope(node, reading):
    """Whether a function or class reads its scope, or hands it to one of `reading`."""
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and ast.unparse(each.value) in ("scope", "self._scope"):
            return True
        if isinstance(each, ast.Call):
            handed = [ast.unparse(argument) for argument in each.args]
            handed += [ast.unparse(keyword.value) for keyword in each.keywords]
            if "scope" in handed and ast.unparse(each.func).rpartition(".")[2] in reading:
                return True
    return False


def queries():
    """Everything in the store that takes a scope, by name: functions, and classes made with one."""
    found = {}
    for path in sorted((HUB / "store").rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and takes_scope(node):
                found[node.name] = [*found.get(node.name, []), node]
            elif isinstance(node, ast.ClassDef):
                for part in node.body:
                    if isinstance(part, ast.FunctionDef) and takes_scope(part):
                        name = node.name if part.name == "__init__" else f"{node.name}.{part.name}"
                        found[name] = [node if part.name == "__init__" else part]
    return found


def test_a_query_that_takes_a_scope_reads_it():
    held = queries()
    assert len(held) > 12
    reading: set[str] = set()
    while True:
        more = {
            name
            for name, nodes in held.items()
            if all(reads_scope(each, reading) for each in nodes)
        }
        if more <= reading:
            break
        reading |= more
    assert set(held) - reading == set(), "these take a scope and do not read it"


#: What a flow is called that shows or measures, and leaves nothing but its entry; backups and
#: snapshots are files, and what is told of a restore is told once it is there; what a release that
#: cannot go out lacks is told, and nothing done, as where somebody is not let in.
SHOWS = re.compile(
    r"(show|read|list|explain|measure|open|review|stream)_"
    r"|(take|keep|forget)_snapshot|back_up|restore|note_drill|check_release|publish_due"
    r"|sign_in_by_department"
)
WHOLE = {"logging", "hold", "atomic"}


def unlogged(function):
    """Whether a flow makes an entry of the log that is not in one transaction with its deed."""

    def outside(node, within):
        if isinstance(node, ast.With):
            called = [each.context_expr for each in node.items]
            named = [ast.unparse(each.func) for each in called if isinstance(each, ast.Call)]
            within = within or any(each.rpartition(".")[2] in WHOLE for each in named)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "record" and not within:
            return True
        return any(outside(each, within) for each in ast.iter_child_nodes(node))

    return outside(function, False)


def test_a_deed_and_its_entry_are_one_transaction():
    """Whoever is killed between the two has done neither."""
    found = [
        f"{path.name} {node.name}"
        for path in sorted((HUB / "flows").glob("*.py"))
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and unlogged(node) and not SHOWS.match(node.name)
    ]
    assert found == []
