-- What is told through walls: numbers, and what belongs to whom. Made with gate.sql, last.

-- Whether an answer may be seen that was given to who sees below a number and through these walls beside: by
-- whoever sees through all of them, and broke through what who was given it broke through.
CREATE OR REPLACE FUNCTION gate.covers(of_below integer, listed integer[], below integer, own integer[])
RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN of_below <= below AND NOT EXISTS (
        SELECT FROM unnest(listed) AS wall WHERE wall >= below AND wall <> ALL(own));
END $$;

-- Keep an answer given to who sees so much. One that is kept already, and was given to others, is seen by
-- who asks from now on where it is to the same question and rests on the same: the hash over all that was
-- read for it nobody has who could not read it. It is seen through the walls that both see through.
DROP FUNCTION IF EXISTS gate.keep_answer(text, jsonb, date, text, bytea, integer);
CREATE OR REPLACE FUNCTION gate.keep_answer(
    of_id text, asked jsonb, on_day date, rests_on text, said bytea, of_sees integer) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.store_keptanswer AS held
        (id, question, as_at, basis, first_given, content, marking, below, listed)
    SELECT of_id, asked, on_day, rests_on, now(), said, mine.sees, mine.below, mine.listed
    FROM (SELECT gate.sees() AS sees, gate.below() AS below, gate.own_walls() || gate.broken_walls() AS listed
            WHERE gate.is_walled()
        UNION ALL
        SELECT of_sees, 1000000 * (1 + of_sees), (SELECT coalesce(array_agg(w.id), '{}')
            FROM public.store_wall w WHERE w.id >= gate.first_shut() AND w.marking <= of_sees)
            WHERE NOT gate.is_walled()) mine
    ON CONFLICT (id) DO UPDATE SET
        marking = least(held.marking, excluded.marking),
        below = least(held.below, excluded.below),
        listed = ARRAY(SELECT DISTINCT wall FROM unnest(held.listed || excluded.listed) AS wall
            WHERE (wall < held.below OR wall = ANY(held.listed))
                AND (wall < excluded.below OR wall = ANY(excluded.listed)))
        WHERE held.basis = excluded.basis AND held.question = excluded.question;
END $$;

-- The number of the last entry of the log, and how many there are up to one: what the next entry and a head
-- need of those that only an auditor reads.
CREATE OR REPLACE FUNCTION gate.last_entry() RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT max(id) FROM public.store_logentry);
END $$;

-- By what the last deed is known of which the log tells: what was only asked, shown, listed or read changes no
-- count. An action that is not named so is a deed.
CREATE OR REPLACE FUNCTION gate.last_deed() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT hash FROM public.store_logentry
        WHERE action !~ ' (shown|listed|read)$' AND action NOT IN (
            'public readings', 'question answered', 'change explained', 'cell opened', 'cells opened',
            'source opened', 'coverage measured', 'signed in', 'session ended', 'purpose stated', 'message sent')
        ORDER BY id DESC LIMIT 1);
END $$;

CREATE OR REPLACE FUNCTION gate.entries_to(last bigint) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FROM public.store_logentry WHERE id <= last
$$;

-- Of whose agency a thing is and how it is marked, and whether it is open to anybody: for who reads the log,
-- to say why somebody sees it or not. Nothing of what it holds.
DROP FUNCTION IF EXISTS gate.about(text, bigint);
CREATE OR REPLACE FUNCTION gate.about(kind text, number bigint)
RETURNS TABLE (agency text, marking integer, open boolean, compartment integer, condition integer)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT found.agency, found.marking, found.open, found.compartment, found.condition FROM (
        SELECT 'return' AS kind, r.id, w.agency, r.marking::int, r.marking = 0 AS open, w.compartment, 0 AS condition
        FROM public.store_return r JOIN public.store_wall w ON w.id = r.wall
        UNION ALL
        SELECT 'report', r.id, w.agency, r.marking::int, false, w.compartment, 0
        FROM public.store_intelligencereport r JOIN public.store_wall w ON w.id = r.wall
        UNION ALL
        SELECT 'item', i.id, w.agency, w.marking::int, false, w.compartment, w.condition
        FROM public.store_intelligenceitem i JOIN public.store_wall w ON w.id = i.wall
        UNION ALL
        SELECT 'submission', s.id, s.agency, s.marking::int, false, coalesce(s.compartment_id::int, 0), 0
        FROM public.store_submission s
        UNION ALL
        SELECT 'response', r.id, '', r.marking::int, r.public, 0, 0 FROM public.store_response r
        UNION ALL
        SELECT 'enquiry', e.id, '', e.marking::int, false, 0, 0 FROM public.store_enquiry e
    ) found
    WHERE found.kind = about.kind AND found.id = about.number
        AND (NOT gate.is_walled() OR gate.may('read_log'))
$$;

-- What the parts of responses asked, of responses that whoever asks may see. A refused part is in the
-- disclosure log with its question; what answers it stays where it is.
CREATE OR REPLACE FUNCTION gate.asked_in(responses bigint[])
RETURNS TABLE (part bigint, question jsonb, as_at date, first_given timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.id, k.question, k.as_at, k.first_given
    FROM public.store_responsepart p
        JOIN public.store_response r ON r.id = p.of_id
        JOIN public.store_keptanswer k ON k.id = p.answer_id
    WHERE p.of_id = ANY(responses) AND (
        NOT gate.is_walled() OR r.public
        OR (gate.may('read_responses') OR gate.may('read_releases')) AND r.marking <= gate.sees())
$$;

-- How much is withheld: numbers alone, for the notes that say so.
CREATE OR REPLACE FUNCTION gate.withheld_figures(sees integer) RETURNS TABLE (measure text, number bigint)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT b.measure, count(*) FROM public.store_block b
        JOIN public.store_return r ON r.id = b.of_id,
        (SELECT gate.open_walls() AS walls, gate.opened('return') AS opened OFFSET 0) mine
    WHERE gate.hides(r.wall, r.marking, sees, mine.walls) AND r.id <> ALL(mine.opened) GROUP BY b.measure
$$;

CREATE OR REPLACE FUNCTION gate.withheld_places(sees integer)
RETURNS TABLE (question text, area text, period text, marking integer, number bigint)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.question, l.area, l.period, greatest(r.marking, i.marking)::int, count(DISTINCT i.id)
    FROM public.store_itemlink l
        JOIN public.store_intelligenceitem i ON i.id = l.item_id
        JOIN public.store_intelligencereport r ON r.id = i.of_id,
        (SELECT gate.open_walls() AS walls, gate.opened('report') AS opened OFFSET 0) mine
    WHERE gate.hides(i.wall, greatest(r.marking, i.marking), sees, mine.walls) AND r.id <> ALL(mine.opened)
    GROUP BY l.question, l.area, l.period, greatest(r.marking, i.marking)
$$;

-- Who made a token of one's own agency: who releases asks whose program drafted.
CREATE OR REPLACE FUNCTION gate.maker_of(token bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.made_by FROM public.store_token t
    WHERE t.id = token AND (NOT gate.is_walled() OR t.agency = gate.scope()->>'agency')
$$;

CREATE OR REPLACE FUNCTION gate.withheld_items(sees integer) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FROM public.store_intelligenceitem i
        JOIN public.store_intelligencereport r ON r.id = i.of_id,
        (SELECT gate.open_walls() AS walls, gate.opened('report') AS opened OFFSET 0) mine
    WHERE gate.hides(i.wall, greatest(r.marking, i.marking), sees, mine.walls) AND r.id <> ALL(mine.opened)
$$;

-- How many judgements are known by a day of which the reader may see none.
CREATE OR REPLACE FUNCTION gate.withheld_judgements(sees integer, by_day date) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FROM (
        SELECT min(v.marking) AS lowest FROM public.store_judgementversion v
        WHERE v.known_from <= by_day GROUP BY v.code) AS codes
    WHERE lowest > CASE WHEN gate.is_walled() THEN least(sees, gate.sees()) ELSE sees END
$$;

-- The number of the last version of a judgement, whatever its marking: the next is numbered after it, and none
-- before it is approved.
CREATE OR REPLACE FUNCTION gate.last_judgement(of_code text) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(max(v.version), 0) FROM public.store_judgementversion v
    WHERE v.code = of_code AND (NOT gate.is_walled() OR gate.may('draft_judgement')
        OR gate.may('approve_judgement'))
$$;

-- Whether a role of an agency would meet a condition for some purpose: for who reads the log, to say why
-- somebody sees an item or not.
CREATE OR REPLACE FUNCTION gate.would_meet(condition integer, of_role text, of_agency text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (NOT gate.is_walled() OR gate.may('read_log')) AND EXISTS (
        SELECT FROM public.store_handlingcondition h
        WHERE h.id = condition AND (h.until IS NULL OR h.until >= gate.today())
            AND CASE WHEN cardinality(h.roles) = 0 THEN EXISTS (SELECT FROM gate.rule r
                    WHERE r.role = of_role AND r.permission = 'read_conditional')
                ELSE of_role = ANY(h.roles) END
            AND (cardinality(h.agencies) = 0 OR of_agency = ANY(h.agencies)))
$$;
