"""The functions of the gate that dispose of all that is held of one person, made of the kinds of
record: what is a person's own goes, of what is another's goes that they are named.

A person is spoken of by a number, so that no proposal, proof or entry of the log says a pseudonym:
that of the first row in which they stand, and of which kind it is.
"""

from __future__ import annotations

from darkfigure.cases.records import KINDS, FieldType, references_of

#: A number of a person is a row's, times this, and the place of its kind.
KINDS_AT_MOST = 100
#: The column by which a record of a kind is somebody's, and those by which it names somebody else.
OF: dict[str, str] = {"person": "record"}
NAMING: dict[str, tuple[str, ...]] = {}
for _name, _kind in KINDS.items():
    _persons = [each.name for each in _kind.kept if each.type is FieldType.PERSON]
    if _persons and _name not in OF:
        OF[_name], *_others = _persons
        NAMING[_name] = tuple(_others)
#: Records that follow from somebody's and name nobody: what they follow from, and the column.
FOLLOWING = {
    name: next((of, column) for column, of in references_of(kind).items() if of in OF)
    for name, kind in KINDS.items()
    if name not in OF and any(of in OF for of in references_of(kind).values())
}

_HEAD = "LANGUAGE {} SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$"


def _place(kind: str) -> int:
    return [*KINDS].index(kind)


def _rows() -> str:
    """The rows that are a person's, and those that follow from nothing but those."""
    own = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, id, record, return_id FROM public.case_{kind} "
        f"WHERE {column} = whom"
        for kind, column in OF.items()
    )
    # Versions that name nobody, as one that withdraws the record.
    own += "".join(
        f" UNION ALL SELECT '{kind}', t.id, t.record, t.return_id FROM public.case_{kind} t "
        f"WHERE t.{column} IS NULL AND t.record IN (SELECT x.record FROM public.case_{kind} x "
        f"WHERE x.{column} = whom) AND NOT EXISTS (SELECT FROM public.case_{kind} x "
        f"WHERE x.record = t.record AND x.{column} <> whom)"
        for kind, column in OF.items()
        if kind != "person"
    )
    following = " UNION ALL ".join(
        f"SELECT '{kind}', t.id, t.return_id FROM public.case_{kind} t WHERE t.{column} IN "
        f"(SELECT o.record FROM own o WHERE o.kind = '{of}') AND NOT EXISTS (SELECT FROM "
        f"public.case_{of} x WHERE x.record = t.{column} AND x.{OF[of]} <> whom)"
        for kind, (of, column) in FOLLOWING.items()
    )
    return f"""
CREATE OR REPLACE FUNCTION gate.rows_of_person(whom text)
RETURNS TABLE (kind text, id bigint, return_id bigint) {_HEAD.format("sql STABLE")}
    WITH own AS MATERIALIZED ({own})
    SELECT o.kind, o.id, o.return_id FROM own o UNION ALL {following}
$$"""


def _whom() -> str:
    """Whom a number speaks of, and of what number somebody is."""
    cases = " ".join(
        f"WHEN {_place(kind)} THEN (SELECT {column} FROM public.case_{kind} WHERE id = number / "
        f"{KINDS_AT_MOST})"
        for kind, column in OF.items()
    )
    first = " UNION ALL ".join(
        f"SELECT min(id) * {KINDS_AT_MOST} + {_place(kind)} AS number, {order} AS place "
        f"FROM public.case_{kind} WHERE {column} = whom"
        for order, (kind, column) in enumerate(OF.items())
    )
    records = "".join(
        f" UNION SELECT record FROM public.case_{kind} WHERE {column} = whom"
        for kind, column in OF.items()
    )
    return f"""
CREATE OR REPLACE FUNCTION gate.person_of(number bigint) RETURNS text {_HEAD.format("sql STABLE")}
    SELECT CASE number % {KINDS_AT_MOST} {cases} END
$$;
-- The number of somebody, for who may propose that all of theirs go, and sees all they stand in.
CREATE OR REPLACE FUNCTION gate.number_of_person(whom text) RETURNS bigint
{_HEAD.format("plpgsql STABLE")}
DECLARE found_number bigint;
BEGIN
    SELECT f.number INTO found_number FROM ({first}) f WHERE f.number IS NOT NULL
    ORDER BY f.place LIMIT 1;
    RETURN CASE WHEN NOT gate.is_walled()
        OR gate.may('propose_disposal') AND gate.sees_returns(gate.person_stands_in(found_number))
        THEN found_number END;
END $$;
-- Under which pseudonyms they and their records stand in what waits, for who may know their number.
CREATE OR REPLACE FUNCTION gate.names_of_person(number bigint) RETURNS text[]
{_HEAD.format("plpgsql STABLE")}
DECLARE whom text := gate.person_of(number);
BEGIN
    IF gate.number_of_person(whom) IS NULL THEN
        RETURN '{{}}';
    END IF;
    RETURN ARRAY(SELECT whom{records} ORDER BY 1);
END $$"""


def _returns() -> str:
    """In which returns somebody stands, or is named."""
    named = " UNION ".join(
        f"SELECT return_id FROM public.case_{kind} WHERE {column} = whom"
        for kind, columns in NAMING.items()
        for column in columns
    )
    return f"""
CREATE OR REPLACE FUNCTION gate.person_stands_in(number bigint) RETURNS bigint[]
{_HEAD.format("plpgsql STABLE")}
DECLARE whom text := gate.person_of(number);
BEGIN
    RETURN ARRAY(SELECT r.return_id FROM gate.rows_of_person(whom) r UNION {named}
        UNION SELECT return_id FROM identity.person WHERE person = whom ORDER BY 1);
END $$"""


def _unnaming() -> str:
    """What is another's does not name them any more. Gives how many rows."""
    unnamed = "".join(
        f"""
    UPDATE public.case_{kind} SET {column} = NULL WHERE {column} = whom;
    GET DIAGNOSTICS n = ROW_COUNT;
    unnamed := unnamed + n;"""
        for kind, columns in NAMING.items()
        for column in columns
    )
    return f"""
CREATE OR REPLACE FUNCTION gate.unname_person(whom text) RETURNS bigint
{_HEAD.format("plpgsql VOLATILE")}
DECLARE
    unnamed bigint := 0;
    n bigint;
BEGIN{unnamed}
    RETURN unnamed;
END $$"""


def persons_disposed() -> list[str]:
    """The functions, in the order in which they are made."""
    return [_rows(), _whom(), _returns(), _unnaming()]
