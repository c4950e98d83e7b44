-- Agencies that merge, are divided or close. Made with gate.sql, after the walls.

-- An agency ends on a day: what is open of it goes over to the one that keeps it, or ends where none does. What
-- it said, and what was counted of it, stays its own. Nobody does so to their own roles.
CREATE OR REPLACE FUNCTION gate.change_agency(
    change_kind text, ended text, goes_into text[], kept_by text, from_day date, because text, by_whom text)
RETURNS jsonb LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text := CASE WHEN gate.is_walled() THEN gate.who() ELSE by_whom END;
    said text := left(change_kind || ': ' || because, 500);
    counts jsonb := '{}';
    n bigint;
BEGIN
    IF gate.is_walled() AND NOT gate.may('change_agency') THEN
        RAISE insufficient_privilege USING MESSAGE = 'agencies are changed by who may';
    END IF;
    IF EXISTS (SELECT FROM public.store_appointment p WHERE p.agency = ended AND p.ended_at IS NULL
        AND 'account:' || p.account_id = who) THEN
        RAISE insufficient_privilege USING MESSAGE = 'nobody changes their own roles';
    END IF;
    IF from_day > gate.today() OR kept_by <> '' AND kept_by <> ALL(goes_into) OR ended = ANY(goes_into) THEN
        RAISE check_violation USING MESSAGE = 'an agency ends on a day that has come, into others';
    END IF;
    INSERT INTO public.store_agencychange (kind, agency, into_agencies, keeper, on_day, why, changed_by, changed_at)
    VALUES (change_kind, ended, goes_into, kept_by, from_day, because, who, now());

    -- Roles: held for the keeper from now on, under who decided it; ended with the agency where there is none.
    IF kept_by <> '' THEN
        INSERT INTO public.store_appointment (account_id, agency, role, marking, proposed_by, proposed_at,
            approved_by, approved_at, ended_by, ended_why)
        SELECT p.account_id, kept_by, p.role, p.marking, p.proposed_by, p.proposed_at, p.approved_by,
            p.approved_at, '', ''
        FROM public.store_appointment p WHERE p.agency = ended AND p.ended_at IS NULL
        ON CONFLICT DO NOTHING;
        UPDATE public.store_session s SET acting_id = n.id
        FROM public.store_appointment o JOIN public.store_appointment n ON n.account_id = o.account_id
            AND n.role = o.role AND n.agency = kept_by AND n.ended_at IS NULL
        WHERE s.acting_id = o.id AND o.agency = ended AND o.ended_at IS NULL;
    ELSE
        DELETE FROM public.store_session s USING public.store_appointment p
        WHERE s.acting_id = p.id AND p.agency = ended AND p.ended_at IS NULL;
    END IF;
    UPDATE public.store_appointment p SET ended_by = who, ended_at = now(), ended_why = said
    WHERE p.agency = ended AND p.ended_at IS NULL;
    GET DIAGNOSTICS n = ROW_COUNT;
    counts := counts || jsonb_build_object('roles', n);

    -- Tokens: sealed anew for the keeper, or revoked.
    IF kept_by <> '' THEN
        UPDATE public.store_token t SET agency = kept_by, seal = gate.mac(concat_ws(':', 'token', t.key_hash, kept_by,
            t.marking, array_to_string(t.grants, ','), extract(epoch FROM t.until)::bigint, t.made_by))
        WHERE t.agency = ended AND t.revoked_at IS NULL AND t.until > now()
            AND t.seal = gate.mac(concat_ws(':', 'token', t.key_hash, t.agency, t.marking,
                array_to_string(t.grants, ','), extract(epoch FROM t.until)::bigint, t.made_by));
    ELSE
        UPDATE public.store_token t SET revoked_by = who, revoked_at = now(), revoked_why = said
        WHERE t.agency = ended AND t.revoked_at IS NULL;
    END IF;
    GET DIAGNOSTICS n = ROW_COUNT;
    counts := counts || jsonb_build_object('tokens', n);

    -- Webhooks: told of the keeper's from now on, or ended; what waits to be sent to the agency goes with them.
    UPDATE public.store_webhook w SET agency = kept_by
    WHERE w.agency = ended AND w.ended_at IS NULL AND kept_by <> '';
    UPDATE public.store_webhook w SET ended_by = who, ended_at = now(), ended_why = said
    WHERE w.agency = ended AND w.ended_at IS NULL AND kept_by = '';
    UPDATE public.store_outgoing o SET agency = kept_by
    WHERE o.agency = ended AND o.ended_at IS NULL AND kept_by <> '';
    UPDATE public.store_outgoing o SET ended_at = now(), outcome = 'unwanted'
    WHERE o.agency = ended AND o.ended_at IS NULL AND kept_by = '';

    -- Asks without a reply: put to the keeper from that day on, or taken back.
    WITH standing AS (
        SELECT k.id, k.known_from, coalesce(c.agency, k.agency) AS agency, coalesce(c.due, k.due) AS due, c.known_from AS changed
        FROM public.store_ask k LEFT JOIN LATERAL (SELECT c.agency, c.due, c.known_from FROM public.store_askchange c
            WHERE c.ask_id = k.id ORDER BY c.known_from DESC, c.id DESC LIMIT 1) c ON true
        WHERE NOT EXISTS (SELECT FROM public.store_askreply r WHERE r.ask_id = k.id)
            AND NOT EXISTS (SELECT FROM public.store_takenback t WHERE t.kind = 'ask' AND t.target = k.id::text
                AND t.undoes_id IS NULL AND NOT EXISTS (SELECT FROM public.store_takenback u WHERE u.undoes_id = t.id))
    ), put AS (
        INSERT INTO public.store_askchange (ask_id, agency, due, reason, changed_by, known_from)
        SELECT s.id, kept_by, s.due, said, who, greatest(from_day, s.known_from, s.changed) FROM standing s
        WHERE s.agency = ended AND kept_by <> '' RETURNING 1
    ), back AS (
        INSERT INTO public.store_takenback (kind, target, named, reason, by, at, corrected_by, known_from)
        SELECT 'ask', s.id::text, 'ASK-' || s.id, said, who, now(), '', greatest(from_day, s.known_from)
        FROM standing s WHERE s.agency = ended AND kept_by = '' RETURNING 1
    ) SELECT (SELECT count(*) FROM put) + (SELECT count(*) FROM back) INTO n;
    counts := counts || jsonb_build_object('asks', n);

    -- Requests that wait: asked of the keeper, or closed.
    UPDATE public.store_informationrequest q SET agency = coalesce(nullif(kept_by, ''), q.agency),
        known_to = CASE WHEN kept_by = '' THEN greatest(from_day, q.known_from) END
    WHERE q.agency = ended AND q.known_to IS NULL;
    GET DIAGNOSTICS n = ROW_COUNT;
    counts := counts || jsonb_build_object('requests', n);

    -- Submissions: the keeper's, with what was sent before; drafts of who closes are discarded with their bytes.
    IF kept_by <> '' THEN
        UPDATE public.store_submission s SET agency = kept_by WHERE s.agency = ended;
        GET DIAGNOSTICS n = ROW_COUNT;
        UPDATE public.store_sentonce o SET agency = kept_by WHERE o.agency = ended AND NOT EXISTS (
            SELECT FROM public.store_sentonce k WHERE k.agency = kept_by AND k.key = o.key);
    ELSE
        DELETE FROM identity.draft d USING public.store_submission s
        WHERE s.id = d.submission_id AND s.agency = ended;
        UPDATE public.store_submission s SET discarded_by = who, discarded_at = now()
        WHERE s.agency = ended AND s.released_at IS NULL AND s.discarded_at IS NULL;
        GET DIAGNOSTICS n = ROW_COUNT;
    END IF;
    counts := counts || jsonb_build_object('submissions', n);
    IF kept_by <> '' THEN
        PERFORM gate.wall_of(kept_by, each, 0, 0) FROM generate_series(0, 2) AS each;
    END IF;
    RETURN counts;
END $$;
