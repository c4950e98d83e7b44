-- The gate: who reads by the web's login is looked up here, and rows are shown by walls.
--
-- Made anew by the owner whenever the policy or this text changes (store/gate.py). Nothing in it can be
-- called to see more: what somebody may see is worked out from their session, and kept sealed with a key
-- that no login of the program reads.

CREATE SCHEMA IF NOT EXISTS gate;
REVOKE ALL ON SCHEMA gate FROM PUBLIC;
CREATE TABLE IF NOT EXISTS gate.state (made text NOT NULL, stands text NOT NULL);
CREATE TABLE IF NOT EXISTS gate.key (inner_pad bytea NOT NULL, outer_pad bytea NOT NULL);
CREATE TABLE IF NOT EXISTS gate.rule (
    role text NOT NULL,
    permission text NOT NULL,
    bound boolean NOT NULL,
    PRIMARY KEY (role, permission)
);
-- Of a program: the grants of which its token must carry one.
ALTER TABLE gate.rule ADD COLUMN IF NOT EXISTS grants text[];
REVOKE ALL ON ALL TABLES IN SCHEMA gate FROM PUBLIC;

-- HMAC-SHA-256 of a text, in hexadecimal. For the owner's functions alone.
CREATE OR REPLACE FUNCTION gate.mac(said text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT encode(sha256(outer_pad || sha256(inner_pad || convert_to(said, 'UTF8'))), 'hex') FROM gate.key
$$;

-- Whether it is the web's login that asks: the commands of the machine are not walled.
CREATE OR REPLACE FUNCTION gate.is_walled() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT session_user = 'darkfigure_web'
$$;

-- The number of the wall of an agency and a marking, made where there is none yet. Walls of one marking
-- stand together, a million for each, so that what is seen of all agencies is seen by one comparison.
CREATE OR REPLACE FUNCTION gate.wall_of(of_agency text, of_marking integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found_id integer;
BEGIN
    SELECT w.id INTO found_id FROM public.store_wall w
    WHERE w.agency = of_agency AND w.marking = of_marking;
    IF found_id IS NULL THEN
        INSERT INTO public.store_wall (id, agency, marking)
        VALUES (of_marking * 1000000 + nextval(pg_get_serial_sequence('public.store_wall', 'id')),
            of_agency, of_marking)
        ON CONFLICT (agency, marking) DO NOTHING;
        SELECT w.id INTO found_id FROM public.store_wall w
        WHERE w.agency = of_agency AND w.marking = of_marking;
    END IF;
    RETURN found_id;
END $$;

-- Let somebody in for as long as this connection lasts. For the owner's functions alone.
CREATE OR REPLACE FUNCTION gate.let_in(account bigint, role text, agency text, marking integer) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE said text;
BEGIN
    -- Walls of one's own are there before anything is entered behind them.
    PERFORM gate.wall_of(agency, each) FROM generate_series(0, marking) AS each;
    said := jsonb_build_object(
        'account', account, 'role', role, 'agency', agency, 'sees', marking,
        'pid', pg_backend_pid(), 'until', extract(epoch FROM clock_timestamp()) + 3600
    )::text;
    PERFORM set_config('gate.scope', gate.mac(said) || said, false);
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
    PERFORM set_config('gate.scope', '', false);
    SELECT a.id AS account, p.role, p.agency, p.marking INTO held
    FROM public.store_session s
        JOIN public.store_account a ON a.id = s.account_id
        JOIN public.store_appointment p ON p.id = s.acting_id AND p.account_id = a.id
    WHERE s.session_key = kept AND s.expire_date > now() AND a.disabled_at IS NULL
        AND p.approved_at IS NOT NULL AND p.ended_at IS NULL AND s.seal = gate.mac(kept || ':' || a.id);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM gate.let_in(held.account, held.role, held.agency, held.marking);
    RETURN true;
END $$;

-- The same for the worker that has a job, by a token that nobody else knows: true where the job is sealed as
-- asked by whose appointment it names, that stands, and their account is not disabled.
CREATE OR REPLACE FUNCTION gate.enter_job(number bigint, token text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE held record;
BEGIN
    PERFORM set_config('gate.scope', '', false);
    SELECT a.id AS account, p.role, p.agency, p.marking INTO held
    FROM public.store_job j
        JOIN public.store_account a ON a.id = j.account_id
        JOIN public.store_appointment p ON p.id = j.acting_id AND p.account_id = a.id
    WHERE j.id = number AND j.ended_at IS NULL AND a.disabled_at IS NULL
        AND j.worker = left(encode(sha256(convert_to(token, 'UTF8')), 'hex'), 40)
        AND p.approved_at IS NOT NULL AND p.ended_at IS NULL
        AND j.seal = gate.mac('job:' || j.ticket || ':' || a.id || ':' || p.id || ':' || j.sha256);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM gate.let_in(held.account, held.role, held.agency, held.marking);
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
    PERFORM set_config('gate.scope', '', false);
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
    PERFORM gate.wall_of(held.agency, each) FROM generate_series(0, held.marking) AS each;
    let_in := jsonb_build_object(
        'token', held.id, 'role', 'program', 'agency', held.agency, 'sees', held.marking,
        'grants', held.grants,
        'pid', pg_backend_pid(), 'until', extract(epoch FROM clock_timestamp()) + 3600
    );
    PERFORM set_config('gate.scope', gate.mac(let_in::text) || let_in::text, false);
    RETURN let_in;
END $$;

-- What this connection was let in as; nothing where it is the public's, or what stands there was not
-- sealed here, for it, within the hour.
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
    IF (held->>'pid')::int <> pg_backend_pid()
        OR (held->>'until')::numeric < extract(epoch FROM clock_timestamp()) THEN
        RETURN NULL;
    END IF;
    RETURN held;
END $$;

-- Whether this connection is anybody's.
CREATE OR REPLACE FUNCTION gate.is_let_in() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT gate.scope() IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION gate.role() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(gate.scope()->>'role', 'public')
$$;

CREATE OR REPLACE FUNCTION gate.agency() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(gate.scope()->>'agency', '')
$$;

CREATE OR REPLACE FUNCTION gate.who() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce('account:' || (gate.scope()->>'account'), 'token:' || (gate.scope()->>'token'), 'public')
$$;

CREATE OR REPLACE FUNCTION gate.sees() RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((gate.scope()->>'sees')::int, 0)
$$;

-- What the token of a program is granted; nothing of anybody else.
CREATE OR REPLACE FUNCTION gate.grants() RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(each), '{}') FROM jsonb_array_elements_text(gate.scope()->'grants') AS each
$$;

-- Whether one has to do with a kind of submission: a program with those it is granted.
CREATE OR REPLACE FUNCTION gate.handles(kind text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT gate.role() <> 'program' OR gate.grants() && ARRAY['release', CASE kind
        WHEN 'return' THEN 'returns' WHEN 'report' THEN 'reports' WHEN 'replies' THEN 'replies' END]
$$;

-- Whether the policy gives the role a permission; a program, where its token is granted it.
CREATE OR REPLACE FUNCTION gate.may(wanted text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM gate.rule r WHERE r.role = gate.role() AND r.permission = wanted
        AND (r.grants IS NULL OR r.grants && gate.grants()))
$$;

-- Whether the role sees and does nothing of agencies other than its own.
CREATE OR REPLACE FUNCTION gate.is_bound() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM gate.rule r WHERE r.role = gate.role() AND r.bound)
$$;

-- Below which number walls are seen through: those of what is public; of all markings that one sees, where
-- the role reads figures of all agencies.
CREATE OR REPLACE FUNCTION gate.below() RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT 1000000 * (1 + CASE WHEN gate.may('read_figures') AND NOT gate.is_bound() THEN gate.sees() ELSE 0 END)
$$;

-- The walls of one's own agency that are seen through, where one sees no more than that: also for who
-- replies to asks, or takes in what is released, and reads no figures.
CREATE OR REPLACE FUNCTION gate.own_walls() RETURNS integer[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(w.id), '{}') FROM public.store_wall w
    WHERE w.agency = gate.agency() AND w.marking <= gate.sees() AND gate.is_bound()
        AND (gate.may('read_figures') OR gate.may('read_asks') OR gate.may('receive_return'))
$$;

-- Every wall that is seen through.
CREATE OR REPLACE FUNCTION gate.walls() RETURNS integer[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(w.id), '{}') FROM public.store_wall w,
        (SELECT gate.below() AS below, gate.own_walls() AS own OFFSET 0) mine
    WHERE w.id < mine.below OR w.id = ANY(mine.own)
$$;

-- Whether a row is hidden from a reader who sees so much.
CREATE OR REPLACE FUNCTION gate.hides(wall integer, marking integer, sees integer, walls integer[])
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT marking > sees OR wall <> ALL(walls) $$;

-- The walls that hide nothing from who asks: all, for the commands of the machine.
CREATE OR REPLACE FUNCTION gate.open_walls() RETURNS integer[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN gate.is_walled() THEN gate.walls()
        ELSE (SELECT array_agg(id) FROM public.store_wall) END
$$;

-- A row takes the wall of what it belongs to. A return is of the agency that sends it: of nobody in
-- particular where the machine's operator took it in.
CREATE OR REPLACE FUNCTION gate.take_wall() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.wall := CASE TG_TABLE_NAME
        WHEN 'store_return' THEN gate.wall_of(gate.agency(), (to_jsonb(NEW)->>'marking')::int)
        WHEN 'store_block' THEN
            (SELECT r.wall FROM public.store_return r WHERE r.id = (to_jsonb(NEW)->>'of_id')::bigint)
        WHEN 'store_intelligencereport' THEN
            gate.wall_of(to_jsonb(NEW)->>'agency', (to_jsonb(NEW)->>'marking')::int)
        WHEN 'store_intelligenceitem' THEN
            (SELECT gate.wall_of(r.agency, greatest(r.marking, (to_jsonb(NEW)->>'marking')::int))
            FROM public.store_intelligencereport r WHERE r.id = (to_jsonb(NEW)->>'of_id')::bigint)
        WHEN 'store_ask' THEN
            (SELECT gate.wall_of(to_jsonb(NEW)->>'agency', e.marking)
            FROM public.store_requirementedition e WHERE e.code = to_jsonb(NEW)->>'edition_id')
    END;
    IF NEW.wall IS NULL THEN
        NEW.wall := CASE
            WHEN TG_TABLE_NAME IN ('store_itemgrade', 'store_itemlink', 'store_secondgrade') THEN
                (SELECT i.wall FROM public.store_intelligenceitem i
                WHERE i.id = (to_jsonb(NEW)->>'item_id')::bigint)
            ELSE
                (SELECT k.wall FROM public.store_ask k WHERE k.id = (to_jsonb(NEW)->>'ask_id')::bigint)
        END;
    END IF;
    RETURN NEW;
END $$;

-- Keep an answer given to who sees so much. One that is kept already, and was given to others, is seen by
-- who asks from now on where it is to the same question and rests on the same: the hash over all that was
-- read for it nobody has who could not read it.
CREATE OR REPLACE FUNCTION gate.keep_answer(
    of_id text, asked jsonb, on_day date, rests_on text, said bytea, sees integer) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.store_keptanswer AS held (id, question, as_at, basis, first_given, content, marking)
    SELECT of_id, asked, on_day, rests_on, now(), said,
        CASE WHEN gate.is_walled() THEN gate.sees() ELSE sees END
    ON CONFLICT (id) DO UPDATE SET marking = least(held.marking, excluded.marking)
        WHERE held.basis = excluded.basis AND held.question = excluded.question
$$;

-- The number of the last entry of the log, and how many there are up to one: what the next entry and a head
-- need of those that only an auditor reads.
CREATE OR REPLACE FUNCTION gate.last_entry() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT max(id) FROM public.store_logentry
$$;

CREATE OR REPLACE FUNCTION gate.entries_to(last bigint) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FROM public.store_logentry WHERE id <= last
$$;

-- Of whose agency a thing is and how it is marked, and whether it is open to anybody: for who reads the log,
-- to say why somebody sees it or not. Nothing of what it holds.
CREATE OR REPLACE FUNCTION gate.about(kind text, number bigint)
RETURNS TABLE (agency text, marking integer, open boolean)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT found.agency, found.marking, found.open FROM (
        SELECT 'return' AS kind, r.id, w.agency, r.marking::int, r.marking = 0 AS open
        FROM public.store_return r JOIN public.store_wall w ON w.id = r.wall
        UNION ALL
        SELECT 'submission', s.id, s.agency, s.marking::int, false FROM public.store_submission s
        UNION ALL
        SELECT 'response', r.id, '', r.marking::int, r.public FROM public.store_response r
        UNION ALL
        SELECT 'enquiry', e.id, '', e.marking::int, false FROM public.store_enquiry e
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
        OR gate.may('read_responses') AND r.marking <= gate.sees())
$$;

-- How much is withheld: numbers alone, for the notes that say so.
CREATE OR REPLACE FUNCTION gate.withheld_figures(sees integer) RETURNS TABLE (measure text, number bigint)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT b.measure, count(*) FROM public.store_block b
        JOIN public.store_return r ON r.id = b.of_id, (SELECT gate.open_walls() AS walls OFFSET 0) mine
    WHERE gate.hides(r.wall, r.marking, sees, mine.walls) GROUP BY b.measure
$$;

CREATE OR REPLACE FUNCTION gate.withheld_places(sees integer)
RETURNS TABLE (question text, area text, period text, marking integer, number bigint)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.question, l.area, l.period, greatest(r.marking, i.marking)::int, count(DISTINCT i.id)
    FROM public.store_itemlink l
        JOIN public.store_intelligenceitem i ON i.id = l.item_id
        JOIN public.store_intelligencereport r ON r.id = i.of_id,
        (SELECT gate.open_walls() AS walls OFFSET 0) mine
    WHERE gate.hides(i.wall, greatest(r.marking, i.marking), sees, mine.walls)
    GROUP BY l.question, l.area, l.period, greatest(r.marking, i.marking)
$$;

-- Who made a token of one's own agency: who releases asks whose program drafted.
CREATE OR REPLACE FUNCTION gate.maker_of(token bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.made_by FROM public.store_token t
    WHERE t.id = token AND (NOT gate.is_walled() OR t.agency = gate.scope()->>'agency')
$$;
