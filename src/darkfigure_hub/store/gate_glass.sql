-- Glass that was broken: one return, report or person that a compartment, a condition or another agency's wall
-- hides, opened for an hour by somebody whose role may. Made with gate.sql, after the walls.

-- What whoever is let in has broken through to and not closed, within the hour, by kind. What is marked above
-- what they see is not opened.
CREATE OR REPLACE FUNCTION gate.broken(of_kind text) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE own bigint := gate.scope()->>'account';
BEGIN
    IF NOT gate.may('break_glass') THEN
        RETURN '{}';
    END IF;
    RETURN (SELECT coalesce(array_agg(g.target::text), '{}') FROM public.store_brokenglass g
        WHERE g.account_id = own AND g.kind = of_kind
            AND g.closed_at IS NULL AND clock_timestamp() BETWEEN g.broken_at AND least(g.until,
                g.broken_at + interval '1 hour'));
END $$;

-- The numbers of what is open so. What is asked of a row is worked out once for all rows.
CREATE OR REPLACE FUNCTION gate.opened(of_kind text) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    broken text[] := gate.broken(of_kind);
    sees integer := gate.sees();
BEGIN
    IF cardinality(broken) = 0 THEN
        RETURN '{}';
    END IF;
    IF of_kind = 'return' THEN
        RETURN (SELECT coalesce(array_agg(r.id), '{}') FROM public.store_return r WHERE r.marking <= sees
            AND r.id IN (SELECT each::bigint FROM unnest(broken) AS each WHERE each ~ '^\d{1,18}$'));
    END IF;
    RETURN (SELECT coalesce(array_agg(r.id), '{}') FROM public.store_intelligencereport r WHERE r.marking <= sees
        AND r.id IN (SELECT each::bigint FROM unnest(broken) AS each WHERE each ~ '^\d{1,18}$'));
END $$;

CREATE OR REPLACE FUNCTION gate.opened_blocks() RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened bigint[] := gate.opened('return');
BEGIN
    RETURN (SELECT coalesce(array_agg(b.id), '{}') FROM public.store_block b WHERE b.of_id = ANY(opened));
END $$;

CREATE OR REPLACE FUNCTION gate.opened_items() RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    opened bigint[] := gate.opened('report');
    sees integer := gate.sees();
BEGIN
    RETURN (SELECT coalesce(array_agg(i.id), '{}') FROM public.store_intelligenceitem i
        WHERE i.of_id = ANY(opened) AND i.marking <= sees);
END $$;

-- The walls behind which there is what was opened: an answer that rests on it is seen by who sees through them.
CREATE OR REPLACE FUNCTION gate.broken_walls() RETURNS integer[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT gate.may('break_glass') THEN
        RETURN '{}';
    END IF;
    RETURN (SELECT coalesce(array_agg(DISTINCT found.wall), '{}') FROM (
        SELECT r.wall FROM public.store_return r WHERE r.id = ANY((SELECT gate.opened('return'))::bigint[])
        UNION ALL
        SELECT i.wall FROM public.store_intelligenceitem i WHERE i.id = ANY((SELECT gate.opened_items())::bigint[])
        UNION ALL
        -- Of a person, whatever is hidden: nobody else is shown what was counted with it.
        SELECT w.id FROM public.store_wall w WHERE (SELECT cardinality(gate.broken('person'))) > 0
            AND w.id >= gate.first_shut() AND w.marking <= (SELECT gate.sees())
    ) found);
END $$;

-- The hour begins as it is entered and ends an hour later, whoever enters it; while it lasts the same is not
-- opened once more.
CREATE OR REPLACE FUNCTION gate.breaks() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.broken_at := clock_timestamp();
    NEW.until := NEW.broken_at + interval '1 hour';
    NEW.closed_at := NULL;
    PERFORM pg_advisory_xact_lock(hashtext('glass ' || NEW.account_id || NEW.kind || NEW.target));
    IF EXISTS (SELECT FROM public.store_brokenglass g WHERE g.account_id = NEW.account_id
        AND g.kind = NEW.kind AND g.target = NEW.target AND g.until > NEW.broken_at AND g.closed_at IS NULL) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this is open already, and is not extended';
    END IF;
    RETURN NEW;
END $$;

-- The compartment that a thing is in that glass was broken for, as far as whoever asks is its owner.
CREATE OR REPLACE FUNCTION gate.owns_what_broke(of_kind text, target text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.store_compartment c WHERE c.owner_id = (gate.scope()->>'account')::bigint
            AND c.id IN (
                SELECT r.compartment_id FROM public.store_return r WHERE of_kind = 'return' AND r.id::text = target
                UNION ALL
                SELECT r.compartment_id FROM public.store_intelligencereport r
                WHERE of_kind = 'report' AND r.id::text = target
                UNION ALL
                SELECT r.compartment_id FROM public.case_person p JOIN public.store_return r ON r.id = p.return_id
                WHERE of_kind = 'person' AND p.record = target))
$$;

-- Whether there is such a thing that is marked no higher than whoever asks sees: for the form that breaks
-- glass, which tells nobody else.
CREATE OR REPLACE FUNCTION gate.may_break(of_kind text, target text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT gate.may('break_glass') AND (
        of_kind = 'return' AND EXISTS (
            SELECT FROM public.store_return r WHERE r.id::text = target AND r.marking <= gate.sees())
        OR of_kind = 'report' AND EXISTS (
            SELECT FROM public.store_intelligencereport r WHERE r.id::text = target AND r.marking <= gate.sees())
        OR of_kind = 'person' AND EXISTS (SELECT FROM public.case_person p
            WHERE p.record = target AND gate.marking_of(p.wall) <= gate.sees()))
$$;

-- The number of a report by its name, for who may break glass, where it is marked no higher than they see.
CREATE OR REPLACE FUNCTION gate.report_to_break(named text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.id::text FROM public.store_intelligencereport r
    WHERE r.agency || ' ' || r.reference = named AND gate.may('break_glass') AND r.marking <= gate.sees()
$$;
