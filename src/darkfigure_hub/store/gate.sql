-- The gate: who reads by the web's login is looked up here, and rows are shown by walls.
--
-- Made anew by the owner whenever the policy or this text changes (store/gate.py). Nothing in it can be
-- called to see more: what somebody may see is worked out from their session, and kept sealed with a key
-- that no login of the program reads.
--
-- What is asked for each statement is written in PL/pgSQL, which plans a function once for a connection: one in SQL
-- is planned anew in every statement that calls it, which took longer than most statements do.

CREATE SCHEMA IF NOT EXISTS gate;
REVOKE ALL ON SCHEMA gate FROM PUBLIC;
CREATE TABLE IF NOT EXISTS gate.state (made text NOT NULL, stands text NOT NULL);
CREATE TABLE IF NOT EXISTS gate.key (inner_pad bytea NOT NULL, outer_pad bytea NOT NULL);
-- Whose turn it is on a connection: what it has now is known to its own server process and set by nobody but the
-- functions that let in, so that what was sealed for a turn before is nothing any more, also on the same connection.
CREATE SEQUENCE IF NOT EXISTS gate.turn;
CREATE TABLE IF NOT EXISTS gate.rule (
    role text NOT NULL,
    permission text NOT NULL,
    bound boolean NOT NULL,
    PRIMARY KEY (role, permission)
);
-- Of a program: the grants of which its token must carry one. Of what takes a purpose: those of which one
-- must have been stated.
ALTER TABLE gate.rule ADD COLUMN IF NOT EXISTS grants text[];
ALTER TABLE gate.rule ADD COLUMN IF NOT EXISTS purposes text[];
REVOKE ALL ON ALL TABLES IN SCHEMA gate FROM PUBLIC;

-- HMAC-SHA-256 of a text, in hexadecimal. For the owner's functions alone.
CREATE OR REPLACE FUNCTION gate.mac(said text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT encode(sha256(outer_pad || sha256(inner_pad || convert_to(said, 'UTF8'))), 'hex') FROM gate.key);
END $$;

-- Whether it is the web's login that asks: the commands of the machine are not walled.
CREATE OR REPLACE FUNCTION gate.is_walled() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT session_user = 'darkfigure_web'
$$;

-- Let somebody in for as long as this connection lasts. For the owner's functions alone.
DROP FUNCTION IF EXISTS gate.let_in(bigint, text, text, integer);
CREATE OR REPLACE FUNCTION gate.let_in(account bigint, role text, agency text, marking integer, purpose text)
RETURNS void LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE said text;
BEGIN
    said := jsonb_build_object(
        'account', account, 'role', role, 'agency', agency, 'sees', marking, 'purpose', purpose,
        'pid', pg_backend_pid(), 'turn', nextval('gate.turn'),
        'until', extract(epoch FROM clock_timestamp()) + 3600
    )::text;
    PERFORM set_config('gate.scope', gate.mac(said) || said, false);
    -- Walls of one's own are there before anything is entered behind them.
    PERFORM gate.wall_of(agency, each, compartment, 0)
    FROM generate_series(0, let_in.marking) AS each, unnest(gate.compartments() || 0) AS unnest (compartment)
    WHERE (each > 0 OR compartment = 0) AND NOT EXISTS (SELECT FROM public.store_wall w WHERE w.agency = let_in.agency
        AND w.marking = each AND w.compartment = unnest.compartment AND w.condition = 0);
END $$;

-- Let a session in for as long as this connection lasts: true where it is somebody's, sealed, not ended,
-- of an account that is not disabled and acts as an appointment that stands. Else the connection is the
-- public's.
CREATE OR REPLACE FUNCTION gate.enter(token text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept text := left(encode(sha256(convert_to(token, 'UTF8')), 'hex'), 40);
    held record;
BEGIN
    PERFORM set_config('gate.scope', '', false), nextval('gate.turn');
    SELECT a.id AS account, p.role, p.agency, p.marking, s.purpose INTO held
    FROM public.store_session s
        JOIN public.store_account a ON a.id = s.account_id
        JOIN public.store_appointment p ON p.id = s.acting_id AND p.account_id = a.id
    WHERE s.session_key = kept AND s.expire_date > now() AND a.disabled_at IS NULL
        AND p.approved_at IS NOT NULL AND p.ended_at IS NULL AND s.seal = gate.mac(kept || ':' || a.id);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM gate.let_in(held.account, held.role, held.agency, held.marking, held.purpose);
    RETURN true;
END $$;

-- The same for the worker that has a job, by a token that nobody else knows: true where the job is sealed as
-- asked by whose appointment it names, that stands, and their account is not disabled.
CREATE OR REPLACE FUNCTION gate.enter_job(number bigint, token text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE held record;
BEGIN
    PERFORM set_config('gate.scope', '', false), nextval('gate.turn');
    SELECT a.id AS account, p.role, p.agency, p.marking, j.purpose INTO held
    FROM public.store_job j
        JOIN public.store_account a ON a.id = j.account_id
        JOIN public.store_appointment p ON p.id = j.acting_id AND p.account_id = a.id
    WHERE j.id = number AND j.ended_at IS NULL AND a.disabled_at IS NULL
        AND j.worker = left(encode(sha256(convert_to(token, 'UTF8')), 'hex'), 40)
        AND p.approved_at IS NOT NULL AND p.ended_at IS NULL
        AND j.seal = gate.mac('job:' || j.ticket || ':' || a.id || ':' || p.id || ':' || j.sha256
            || CASE WHEN j.purpose = '' THEN '' ELSE ':' || j.purpose END);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM gate.let_in(held.account, held.role, held.agency, held.marking, held.purpose);
    RETURN true;
END $$;

-- Let a program in by its token for as long as this connection lasts: what it is let in as, where the
-- token is sealed as it stands, not over and not revoked. Else the connection is the public's.
CREATE OR REPLACE FUNCTION gate.enter_program(token text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept text := encode(sha256(convert_to(token, 'UTF8')), 'hex');
    held record;
    let_in jsonb;
BEGIN
    PERFORM set_config('gate.scope', '', false), nextval('gate.turn');
    SELECT t.id, t.agency, t.marking, t.grants, t.used_at INTO held FROM public.store_token t
    WHERE t.key_hash = kept AND t.revoked_at IS NULL AND t.until > now()
        AND t.seal = gate.mac(concat_ws(':', 'token', kept, t.agency, t.marking,
            array_to_string(t.grants, ','), extract(epoch FROM t.until)::bigint, t.made_by));
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF held.used_at IS NULL OR held.used_at < now() - interval '1 minute' THEN
        UPDATE public.store_token SET used_at = now() WHERE id = held.id;
    END IF;
    PERFORM gate.wall_of(held.agency, each, 0, 0) FROM generate_series(0, held.marking) AS each;
    let_in := jsonb_build_object(
        'token', held.id, 'role', 'program', 'agency', held.agency, 'sees', held.marking,
        'grants', held.grants,
        'pid', pg_backend_pid(), 'turn', currval('gate.turn'),
        'until', extract(epoch FROM clock_timestamp()) + 3600
    );
    PERFORM set_config('gate.scope', gate.mac(let_in::text) || let_in::text, false);
    RETURN let_in;
END $$;

-- What this connection was let in as; nothing where it is the public's, or what stands there was not
-- sealed here, for it and its turn, within the hour.
CREATE OR REPLACE FUNCTION gate.scope() RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept text := coalesce(current_setting('gate.scope', true), '');
    said text := substr(kept, 65);
    held jsonb;
BEGIN
    IF length(kept) < 66 OR left(kept, 64) <> gate.mac(said) THEN
        RETURN NULL;
    END IF;
    held := said::jsonb;
    IF (held->>'pid')::int <> pg_backend_pid() OR held->>'turn' IS DISTINCT FROM currval('gate.turn')::text
        OR (held->>'until')::numeric < extract(epoch FROM clock_timestamp()) THEN
        RETURN NULL;
    END IF;
    RETURN held;
END $$;

-- Whether this connection is anybody's.
CREATE OR REPLACE FUNCTION gate.is_let_in() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN gate.scope() IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION gate.role() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce(gate.scope()->>'role', 'public');
END $$;

CREATE OR REPLACE FUNCTION gate.agency() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce(gate.scope()->>'agency', '');
END $$;

CREATE OR REPLACE FUNCTION gate.who() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE held jsonb := gate.scope();
BEGIN
    RETURN coalesce('account:' || (held->>'account'), 'token:' || (held->>'token'), 'public');
END $$;

CREATE OR REPLACE FUNCTION gate.sees() RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce((gate.scope()->>'sees')::int, 0);
END $$;

-- The day it is here, whatever the connection takes for its time zone.
CREATE OR REPLACE FUNCTION gate.today() RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (now() AT TIME ZONE 'Europe/London')::date
$$;

-- The purpose that was stated; none of a program and of the public.
CREATE OR REPLACE FUNCTION gate.purpose() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce(gate.scope()->>'purpose', '');
END $$;

-- What the token of a program is granted; nothing of anybody else.
CREATE OR REPLACE FUNCTION gate.grants() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE held jsonb := gate.scope();
BEGIN
    RETURN (SELECT coalesce(array_agg(each), '{}') FROM jsonb_array_elements_text(held->'grants') AS each);
END $$;

-- Whether one has to do with a kind of submission: a program with those it is granted.
CREATE OR REPLACE FUNCTION gate.handles(kind text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN gate.role() <> 'program' OR gate.grants() && ARRAY['release', CASE kind
        WHEN 'return' THEN 'returns' WHEN 'report' THEN 'reports' WHEN 'replies' THEN 'replies' END];
END $$;

-- Whether the policy gives the role a permission: a program, where its token is granted it; what takes a
-- purpose, where one of those was stated.
CREATE OR REPLACE FUNCTION gate.may(wanted text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE own text := gate.role();
BEGIN
    RETURN EXISTS (SELECT FROM gate.rule r WHERE r.role = own AND r.permission = wanted
        AND (r.grants IS NULL OR r.grants && gate.grants())
        AND (r.purposes IS NULL OR gate.purpose() = ANY(r.purposes)));
END $$;

-- Whether the role sees and does nothing of agencies other than its own.
CREATE OR REPLACE FUNCTION gate.is_bound() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE own text := gate.role();
BEGIN
    RETURN EXISTS (SELECT FROM gate.rule r WHERE r.role = own AND r.bound);
END $$;
