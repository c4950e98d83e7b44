"""The function of the gate that says when anything last became known of what may be disposed of."""

from __future__ import annotations

from darkfigure.cases.casework import CASE_RETURNS
from darkfigure.cases.records import KINDS, FieldType


def review_clocks() -> str:
    """When anything last became known of what may be disposed of, as far as one may see it: of a
    return, of any person in it.
    """
    named = " UNION ALL ".join(
        f"SELECT {column} AS person, known_from AS day, return_id FROM public.case_{name}"
        for name, kind in KINDS.items()
        for column in (
            *(["record"] if name == "person" else []),
            *(each.name for each in kind.kept if each.type is FieldType.PERSON),
        )
    )
    seen = """(NOT gate.is_walled() OR gate.may('propose_disposal') AND {of}.marking <= gate.sees()
        AND ({of}.compartment_id IS NULL OR {of}.compartment_id = ANY(gate.compartments())))"""
    kinds = ", ".join(f"'{each}'" for each in CASE_RETURNS)
    return f"""
CREATE OR REPLACE FUNCTION gate.review_clocks() RETURNS TABLE (kind text, target bigint, day date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY WITH named AS MATERIALIZED ({named}),
    latest AS (SELECT n.person, max(n.day) AS day FROM named n GROUP BY 1)
    SELECT 'return', r.id, coalesce(max(l.day), upper(r.period) - 1, r.received_at::date)
    FROM public.store_return r LEFT JOIN named n ON n.return_id = r.id
        LEFT JOIN latest l ON l.person = n.person
    WHERE r.disposed_on IS NULL AND r.kind IN ({kinds}) AND {seen.format(of="r")}
    GROUP BY r.id, r.period, r.received_at
    UNION ALL
    SELECT 'report', p.id, p.submitted_on FROM public.store_intelligencereport p
    WHERE p.disposed_on IS NULL AND {seen.format(of="p")}
    UNION ALL
    SELECT 'response', a.id, a.sent_on FROM public.store_response a
    WHERE (EXISTS (SELECT FROM identity.request_text t WHERE t.response_id = a.id)
        OR EXISTS (SELECT FROM identity.addressee t WHERE t.response_id = a.id))
        AND (NOT gate.is_walled()
            OR gate.may('propose_disposal') AND a.marking <= gate.sees());
END $$"""
