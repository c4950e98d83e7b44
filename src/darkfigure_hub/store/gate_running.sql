-- How much waits, in numbers, for whoever watches over the machine. Made with gate.sql.
CREATE OR REPLACE FUNCTION gate.work_counted() RETURNS TABLE (thing text, state text, number bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'jobs', s.name, count(j.id)
    FROM (VALUES ('waiting'), ('in work'), ('done'), ('failed'), ('cancelled')) AS s (name)
        LEFT JOIN public.store_job j ON s.name = CASE WHEN j.ended_at IS NOT NULL THEN j.outcome
            WHEN j.heard_at IS NOT NULL THEN 'in work' ELSE 'waiting' END
    GROUP BY s.name
    UNION ALL
    SELECT 'outbox', s.name, count(o.id)
    FROM (VALUES ('waiting'), ('given up')) AS s (name)
        LEFT JOIN public.store_outgoing o ON s.name = CASE WHEN o.ended_at IS NULL THEN 'waiting' ELSE o.outcome END
    GROUP BY s.name
    UNION ALL
    SELECT 'log_entries', s.name, count(l.id)
    FROM (VALUES ('sealed'), ('unsealed')) AS s (name)
        LEFT JOIN public.store_logentry l ON s.name = CASE WHEN l.sealed_by = '' THEN 'unsealed' ELSE 'sealed' END
    GROUP BY s.name
$$;
