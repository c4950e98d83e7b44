-- What is disposed of. Made with gate.sql, after the walls.

-- Whether one would see each of some returns, of which there is one at least.
CREATE OR REPLACE FUNCTION gate.sees_returns(stands bigint[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN cardinality(stands) > 0
        AND NOT EXISTS (SELECT FROM unnest(stands) AS r WHERE NOT gate.sees_thing('return', r));
END $$;

-- In which returns a person stands that somebody keeps, or proposed to dispose of, as of then; of any other, now.
CREATE OR REPLACE FUNCTION gate.returns_of_person(number bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce(
        (SELECT d.returns FROM public.store_disposal d WHERE d.kind = 'person' AND d.target = number
            ORDER BY d.id DESC LIMIT 1),
        (SELECT h.returns FROM public.store_hold h WHERE h.kind = 'person' AND h.target = number
            ORDER BY h.id DESC LIMIT 1),
        gate.person_stands_in(number));
END $$;

-- A hold and a proposal about a person say in which returns they stand, whoever enters it.
CREATE OR REPLACE FUNCTION gate.names_returns() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.returns := CASE NEW.kind WHEN 'person' THEN gate.person_stands_in(NEW.target) ELSE '{}' END;
    RETURN NEW;
END $$;

-- Whether somebody keeps a thing today.
CREATE OR REPLACE FUNCTION gate.is_kept(thing text, number bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.store_hold h WHERE h.kind = thing AND h.target = number
        AND h.ended_at IS NULL AND (h.until IS NULL OR h.until > gate.today()))
$$;

-- Whether it is kept so, or what would go with it: of a return a person who stands in it, of a person a return
-- in which they stand.
CREATE OR REPLACE FUNCTION gate.is_held(thing text, number bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN gate.is_kept(thing, number)
        OR thing = 'return' AND EXISTS (SELECT FROM public.store_hold h
            WHERE gate.is_kept('person', h.target) AND number = ANY(gate.person_stands_in(h.target)))
        OR thing = 'person' AND (
            EXISTS (SELECT FROM unnest(gate.person_stands_in(number)) AS r WHERE gate.is_kept('return', r))
            OR EXISTS (SELECT FROM public.store_hold h WHERE gate.is_kept('person', h.target)
                AND gate.person_of(h.target) = gate.person_of(number)));
END $$;

-- Whether one would see a thing, by its marking and compartment, also once it was disposed of; a person where one
-- would see every return in which they stand.
CREATE OR REPLACE FUNCTION gate.sees_thing(thing text, number bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF thing = 'person' THEN
        RETURN gate.sees_returns(gate.returns_of_person(number));
    END IF;
    RETURN EXISTS (
        SELECT FROM (
            SELECT r.marking, r.compartment_id FROM public.store_return r WHERE thing = 'return' AND r.id = number
            UNION ALL SELECT p.marking, p.compartment_id FROM public.store_intelligencereport p
                WHERE thing = 'report' AND p.id = number
            UNION ALL SELECT a.marking, NULL FROM public.store_response a WHERE thing = 'response' AND a.id = number
        ) AS found
        WHERE marking <= gate.sees() AND (compartment_id IS NULL OR compartment_id = ANY(gate.compartments())));
END $$;

-- The bytes of a file, where everything that came in it was disposed of. Gives how many pieces went.
CREATE OR REPLACE FUNCTION gate.dispose_of_file(digest text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE n bigint := 0; m bigint;
BEGIN
    IF EXISTS (SELECT FROM public.store_return r WHERE r.file_id = digest AND r.disposed_on IS NULL)
        OR EXISTS (SELECT FROM public.store_intelligencereport r WHERE r.file_id = digest AND r.disposed_on IS NULL)
        OR EXISTS (SELECT FROM public.store_askreply r WHERE r.file_id = digest) THEN
        RETURN 0;
    END IF;
    DELETE FROM identity.file_piece WHERE file_id = digest;
    GET DIAGNOSTICS n = ROW_COUNT;
    DELETE FROM public.store_filepiece WHERE file_id = digest;
    GET DIAGNOSTICS m = ROW_COUNT;
    RETURN n + m;
END $$;

-- Of a return of case records: names, file, records, and who was linked with whom where nothing else names them.
CREATE OR REPLACE FUNCTION gate.dispose_of_return(number bigint) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    counts jsonb := '{}';
    gone text[];
    each text;
    n bigint;
BEGIN
    SELECT coalesce(array_agg(DISTINCT p.record), '{}') INTO gone
    FROM public.case_person p WHERE p.return_id = number AND NOT EXISTS (
        SELECT FROM public.case_person o WHERE o.record = p.record AND o.return_id <> number);
    FOR each IN SELECT c.relname FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname LIKE 'case\_%' ORDER BY 1
    LOOP
        EXECUTE format('DELETE FROM public.%I WHERE return_id = $1', each) USING number;
        GET DIAGNOSTICS n = ROW_COUNT;
        IF n > 0 THEN
            counts := counts || jsonb_build_object(each, n);
        END IF;
    END LOOP;
    DELETE FROM identity.person WHERE return_id = number;
    GET DIAGNOSTICS n = ROW_COUNT;
    counts := counts || jsonb_build_object('names', n);
    DELETE FROM identity.file_name WHERE return_id = number;
    DELETE FROM public.store_returnremark WHERE of_id = number;
    DELETE FROM identity.former_pseudonym WHERE name = ANY(gone);
    DELETE FROM public.person_link WHERE record = ANY(gone);
    GET DIAGNOSTICS n = ROW_COUNT;
    counts := counts || jsonb_build_object('links', n);
    DELETE FROM public.store_linkpair WHERE "left" = ANY(gone) OR "right" = ANY(gone);
    DELETE FROM public.store_linkedrecord WHERE record = ANY(gone);
    DELETE FROM public.store_linkproposal p WHERE p."left" = ANY(gone) OR p."right" = ANY(gone) OR p.undoes_id IN (
        SELECT d.id FROM public.store_linkdecision d WHERE d."left" = ANY(gone) OR d."right" = ANY(gone));
    DELETE FROM public.store_linkdecision d USING public.store_linkdecision u
    WHERE d.undoes_id = u.id AND (u."left" = ANY(gone) OR u."right" = ANY(gone));
    DELETE FROM public.store_linkdecision WHERE "left" = ANY(gone) OR "right" = ANY(gone);
    UPDATE public.store_return SET disposed_on = gate.today() WHERE id = number;
    RETURN counts || jsonb_build_object('pieces',
        gate.dispose_of_file((SELECT r.file_id FROM public.store_return r WHERE r.id = number)));
END $$;

-- Of a report: its words, and how origins are called that nothing else names. Grades and links stay.
CREATE OR REPLACE FUNCTION gate.dispose_of_report(number bigint) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE n bigint;
BEGIN
    UPDATE public.store_intelligencereport SET disposed_on = gate.today() WHERE id = number;
    DELETE FROM identity.origin_spelling s WHERE s.origin_id IN (
        SELECT i.origin_id FROM public.store_intelligenceitem i WHERE i.of_id = number)
        AND NOT EXISTS (SELECT FROM public.store_intelligenceitem i
            JOIN public.store_intelligencereport r ON r.id = i.of_id
            WHERE i.origin_id = s.origin_id AND r.disposed_on IS NULL);
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN jsonb_build_object('origins', n, 'pieces', gate.dispose_of_file(
        (SELECT r.file_id FROM public.store_intelligencereport r WHERE r.id = number)));
END $$;

-- Whether one would see a draft that waits, by its marking and compartment.
CREATE OR REPLACE FUNCTION gate.sees_draft(of_marking integer, of_compartment bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT NOT gate.is_walled() OR gate.may('propose_disposal') AND of_marking <= gate.sees()
        AND (of_compartment IS NULL OR of_compartment = ANY(gate.compartments()))
$$;

-- The drafts that wait, of every agency, for who may propose that all of a person's go: what is needed to look
-- through them, and no word of theirs; of those that one would not see, that there is one.
CREATE OR REPLACE FUNCTION gate.drafts_waiting()
RETURNS TABLE (number bigint, agency text, kind text, name text, reading text, sha256 text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.id, s.agency, s.kind, s.name, s.reading, s.sha256 FROM (
        SELECT w.id, gate.sees_draft(w.marking, w.compartment_id) AS seen FROM public.store_submission w
        WHERE w.released_at IS NULL AND w.discarded_at IS NULL
            AND (NOT gate.is_walled() OR gate.may('propose_disposal'))) AS found
        LEFT JOIN public.store_submission s ON s.id = found.id AND found.seen
    ORDER BY s.id
$$;

-- The bytes of one of them, locked with a key that the database has not.
CREATE OR REPLACE FUNCTION gate.locked_draft(number bigint) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.locked FROM identity.draft d JOIN public.store_submission s ON s.id = d.submission_id
    WHERE s.id = number AND gate.sees_draft(s.marking, s.compartment_id)
$$;

-- The drafts in which the program found a person: their bytes go, and why one was sent back. That it was there
-- stays, for who drafted it. Gives how many went, and what they were.
CREATE OR REPLACE FUNCTION gate.dispose_of_drafts(drafts bigint[], by_whom text)
RETURNS TABLE (n bigint, said text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY WITH there AS (
        SELECT s.id, s.sha256 FROM public.store_submission s
        WHERE s.id = ANY(drafts) AND s.released_at IS NULL AND s.discarded_at IS NULL
            AND gate.sees_draft(s.marking, s.compartment_id) FOR UPDATE
    ), went AS (
        DELETE FROM identity.draft d USING there t WHERE d.submission_id = t.id
    ), told AS (
        UPDATE public.store_submission s SET discarded_by = by_whom, discarded_at = now(),
            disposed_on = gate.today(),
            sent_back_why = CASE s.sent_back_why WHEN '' THEN '' ELSE 'disposed of' END
        FROM there t WHERE s.id = t.id
    )
    SELECT count(*), string_agg(t.id || ' ' || t.sha256, E'\n' ORDER BY t.id) FROM there t;
END $$;

-- Everything that is held of a person: rows by kind and what follows from them, names, links, the files in which
-- they stand, the drafts in which the program found them. What is left is a hash over all that went.
DROP FUNCTION IF EXISTS gate.dispose_of_person(bigint, bigint);
CREATE OR REPLACE FUNCTION gate.dispose_of_person(
    number bigint, by_disposal bigint, drafts bigint[], by_whom text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    whom text := gate.person_of(number);
    stands bigint[] := gate.person_stands_in(number);
    digests text[] := ARRAY(SELECT DISTINCT r.file_id FROM public.store_return r WHERE r.id = ANY(stands));
    label text := 'disposed:' || by_disposal;
    counts jsonb := '{}';
    proof text := '';
    rows record;
    said text;
    n bigint;
    m bigint;
BEGIN
    FOR rows IN SELECT r.kind, array_agg(r.id) AS ids FROM gate.rows_of_person(whom) r GROUP BY 1 ORDER BY 1 LOOP
        DELETE FROM public.store_dispute d WHERE d.kind = rows.kind AND d.target = ANY(rows.ids);
        EXECUTE format('WITH went AS (DELETE FROM public.%1$I t WHERE t.id = ANY($1) RETURNING t.*), '
            'remarked AS (DELETE FROM public.store_returnremark m USING went w '
            'WHERE m.of_id = w.return_id AND m.line = w.row) '
            'SELECT count(*), string_agg(to_jsonb(w)::text, E''\n'' ORDER BY w.id) FROM went w',
            'case_' || rows.kind) USING rows.ids INTO n, said;
        counts := counts || jsonb_build_object('case_' || rows.kind, n);
        proof := encode(sha256(convert_to(proof || said, 'UTF8')), 'hex');
    END LOOP;
    counts := counts || jsonb_build_object('unnamed', gate.unname_person(whom));
    WITH went AS (DELETE FROM identity.person p WHERE p.person = whom RETURNING p.*)
    SELECT count(*), string_agg(to_jsonb(w)::text, E'\n' ORDER BY w.id) INTO n, said FROM went w;
    counts := counts || jsonb_build_object('names', n);
    proof := encode(sha256(convert_to(proof || coalesce(said, ''), 'UTF8')), 'hex');
    SELECT d.n, d.said INTO n, said FROM gate.dispose_of_drafts(drafts, by_whom) d;
    counts := counts || jsonb_build_object('drafts', n);
    IF n > 0 THEN
        proof := encode(sha256(convert_to(proof || said, 'UTF8')), 'hex');
    END IF;
    DELETE FROM identity.former_pseudonym WHERE name = whom;
    DELETE FROM public.store_linkproposal p WHERE whom IN (p."left", p."right") OR p.undoes_id IN (
        SELECT d.id FROM public.store_linkdecision d WHERE whom IN (d."left", d."right"));
    DELETE FROM public.store_linkdecision d USING public.store_linkdecision u
    WHERE d.undoes_id = u.id AND whom IN (u."left", u."right");
    DELETE FROM public.store_linkdecision WHERE whom IN ("left", "right");
    DELETE FROM public.store_linkpair WHERE whom IN ("left", "right");
    DELETE FROM public.store_linkedrecord WHERE record = whom;
    DELETE FROM public.person_link WHERE record = whom;
    GET DIAGNOSTICS n = ROW_COUNT;
    counts := counts || jsonb_build_object('links', n);
    -- Those who were taken to be one with them stay one, by a name that is nobody's.
    UPDATE public.person_link SET person = CASE person WHEN whom THEN label ELSE person END,
        surely = CASE surely WHEN whom THEN label ELSE surely END,
        possibly = CASE possibly WHEN whom THEN label ELSE possibly END
    WHERE whom IN (person, surely, possibly);
    -- A file says of everybody in it: its bytes go, and what it was called; records of others stay.
    DELETE FROM identity.file_piece WHERE file_id = ANY(digests);
    GET DIAGNOSTICS n = ROW_COUNT;
    DELETE FROM public.store_filepiece WHERE file_id = ANY(digests);
    GET DIAGNOSTICS m = ROW_COUNT;
    DELETE FROM identity.file_name WHERE return_id IN (
        SELECT r.id FROM public.store_return r WHERE r.file_id = ANY(digests));
    UPDATE public.store_return SET thinned_on = gate.today() WHERE id = ANY(stands);
    UPDATE public.store_disposal SET sha256 = proof WHERE id = by_disposal;
    RETURN counts || jsonb_build_object('pieces', n + m, 'returns', cardinality(stands));
END $$;

-- Whether there is such a thing that may be disposed of, as far as one sees it.
CREATE OR REPLACE FUNCTION gate.may_be_disposed_of(thing text, number bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF thing = 'person' THEN
        RETURN gate.number_of_person(gate.person_of(number)) IS NOT NULL;
    END IF;
    RETURN EXISTS (SELECT FROM gate.review_clocks() c WHERE c.kind = thing AND c.target = number);
END $$;

-- Carry out what another proposed, unless somebody keeps the thing; of a person with the drafts in which the
-- program found them, that wait still. Gives how much of what went.
DROP FUNCTION IF EXISTS gate.carry_out_disposal(bigint, text);
CREATE OR REPLACE FUNCTION gate.carry_out_disposal(
    number bigint, by_whom text, drafts bigint[] DEFAULT '{}') RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text := CASE WHEN gate.is_walled() THEN gate.who() ELSE by_whom END;
    held record;
    counts jsonb;
    n bigint;
BEGIN
    IF gate.is_walled() AND NOT gate.may('carry_out_disposal') THEN
        RAISE insufficient_privilege USING MESSAGE = 'what is disposed of is so by who may';
    END IF;
    SELECT * INTO held FROM public.store_disposal d WHERE d.id = number FOR UPDATE;
    IF NOT FOUND OR held.carried_out_at IS NOT NULL OR held.withdrawn_at IS NOT NULL THEN
        RAISE no_data_found USING MESSAGE = 'there is no such proposal that stands';
    END IF;
    IF held.proposed_by = who THEN
        RAISE insufficient_privilege USING MESSAGE = 'another than who proposed it carries it out';
    END IF;
    IF NOT gate.may_be_disposed_of(held.kind, held.target) THEN
        RAISE no_data_found USING MESSAGE = 'there is no such thing';
    END IF;
    IF gate.is_held(held.kind, held.target) THEN
        RAISE check_violation USING MESSAGE = 'it is kept';
    END IF;
    IF held.kind = 'return' THEN
        counts := gate.dispose_of_return(held.target);
    ELSIF held.kind = 'report' THEN
        counts := gate.dispose_of_report(held.target);
    ELSIF held.kind = 'person' THEN
        counts := gate.dispose_of_person(held.target, number, drafts, who);
    ELSE
        DELETE FROM identity.request_text WHERE response_id = held.target;
        GET DIAGNOSTICS n = ROW_COUNT;
        counts := jsonb_build_object('requests', n);
        DELETE FROM identity.addressee WHERE response_id = held.target;
        GET DIAGNOSTICS n = ROW_COUNT;
        counts := counts || jsonb_build_object('addresses', n);
    END IF;
    UPDATE public.store_disposal SET carried_out_by = who, carried_out_at = now(), gone = counts WHERE id = number;
    RETURN counts;
END $$;
