-- What names a person behind the scenes, for who answers a person's own request. Made with gate.sql.

-- Where some names of persons or records stand in what is not shown otherwise: entries of the log, the sets of
-- records they name, long work, broken glass. Each with its number, when, what was done and by whom.
CREATE OR REPLACE FUNCTION gate.naming(names text[])
RETURNS TABLE (place text, number text, at timestamptz, said text, who text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF gate.is_walled() AND NOT gate.may('answer_subject') THEN
        RAISE insufficient_privilege USING MESSAGE = 'who names a person is told to who answers them';
    END IF;
    RETURN QUERY
    WITH sets AS MATERIALIZED (SELECT s.hash FROM public.store_recordset s WHERE s.members && names)
    SELECT 'store_logentry', e.id::text, e.at, e.action::text, e.who
    FROM public.store_logentry e
    WHERE EXISTS (SELECT FROM unnest(names) AS name WHERE position(name IN e.detail::text) > 0)
        OR e.detail->'touched'->>'set' IN (SELECT hash FROM sets)
    UNION ALL SELECT 'store_recordset', s.hash::text, NULL, '', '' FROM sets s
    UNION ALL SELECT 'store_job', j.id::text, j.asked_at, j.kind::text, 'account:' || j.account_id
    FROM public.store_job j WHERE EXISTS (SELECT FROM unnest(names) AS name
        WHERE position(name IN concat_ws(' ', j.arguments, j.made, j.progress, j.said)) > 0)
    UNION ALL SELECT 'store_brokenglass', g.id::text, g.broken_at, g.kind::text, 'account:' || g.account_id
    FROM public.store_brokenglass g WHERE g.kind = 'person' AND g.target = ANY(names);
END $$;
