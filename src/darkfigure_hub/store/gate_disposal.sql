-- What is disposed of. Made with gate.sql, after the walls.

-- Whether somebody keeps a thing today.
CREATE OR REPLACE FUNCTION gate.is_held(thing text, number bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.store_hold h WHERE h.kind = thing AND h.target = number
        AND h.ended_at IS NULL AND (h.until IS NULL OR h.until > gate.today()))
$$;

-- Whether one would see a thing, by its marking and compartment, also once it was disposed of.
CREATE OR REPLACE FUNCTION gate.sees_thing(thing text, number bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM (
            SELECT r.marking, r.compartment_id FROM public.store_return r WHERE thing = 'return' AND r.id = number
            UNION ALL SELECT p.marking, p.compartment_id FROM public.store_intelligencereport p
                WHERE thing = 'report' AND p.id = number
            UNION ALL SELECT a.marking, NULL FROM public.store_response a WHERE thing = 'response' AND a.id = number
        ) AS found
        WHERE marking <= gate.sees() AND (compartment_id IS NULL OR compartment_id = ANY(gate.compartments())))
$$;

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

-- Carry out what another proposed, unless somebody keeps the thing. Gives how much of what went.
CREATE OR REPLACE FUNCTION gate.carry_out_disposal(number bigint, by_whom text) RETURNS jsonb
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
    IF NOT EXISTS (SELECT FROM gate.review_clocks() c WHERE c.kind = held.kind AND c.target = held.target) THEN
        RAISE no_data_found USING MESSAGE = 'there is no such thing';
    END IF;
    IF gate.is_held(held.kind, held.target) THEN
        RAISE check_violation USING MESSAGE = 'it is kept';
    END IF;
    IF held.kind = 'return' THEN
        counts := gate.dispose_of_return(held.target);
    ELSIF held.kind = 'report' THEN
        counts := gate.dispose_of_report(held.target);
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
