-- Walls, compartments and conditions. Made with gate.sql, after it.

-- From which number on walls are seen through by who is on their list alone.
CREATE OR REPLACE FUNCTION gate.first_shut() RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$ SELECT 1000000000 $$;

-- The marking of a wall, told by its number.
CREATE OR REPLACE FUNCTION gate.marking_of(wall integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT wall % 1000000000 / 1000000
$$;

-- The number of the wall of an agency, a marking, a compartment and a condition (0 where there is none), made
-- where there is none yet. Walls of one marking stand together, a million for each, so that what is seen of all
-- agencies is seen by one comparison; those of compartments and conditions stand above all of them.
DROP FUNCTION IF EXISTS gate.wall_of(text, integer);
CREATE OR REPLACE FUNCTION gate.wall_of(
    of_agency text, of_marking integer, of_compartment integer, of_condition integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found_id integer;
BEGIN
    SELECT w.id INTO found_id FROM public.store_wall w WHERE w.agency = of_agency AND w.marking = of_marking
        AND w.compartment = of_compartment AND w.condition = of_condition;
    IF found_id IS NULL THEN
        INSERT INTO public.store_wall (id, agency, marking, compartment, condition)
        VALUES (of_marking * 1000000 + nextval(pg_get_serial_sequence('public.store_wall', 'id'))
            + CASE WHEN of_compartment = 0 AND of_condition = 0 THEN 0 ELSE gate.first_shut() END,
            of_agency, of_marking, of_compartment, of_condition)
        ON CONFLICT (agency, marking, compartment, condition) DO NOTHING;
        SELECT w.id INTO found_id FROM public.store_wall w WHERE w.agency = of_agency
            AND w.marking = of_marking AND w.compartment = of_compartment AND w.condition = of_condition;
    END IF;
    RETURN found_id;
END $$;

-- The compartments that whoever is let in is in today: none of a program, of the public and of a role that
-- enters none.
CREATE OR REPLACE FUNCTION gate.compartments() RETURNS integer[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own bigint := gate.scope()->>'account';
    today date := gate.today();
BEGIN
    IF NOT gate.may('enter_compartment') THEN
        RETURN '{}';
    END IF;
    RETURN (SELECT coalesce(array_agg(c.id::integer), '{}') FROM public.store_compartmentgrant g
        JOIN public.store_compartment c ON c.id = g.compartment_id
    WHERE g.account_id = own AND g.approved_at IS NOT NULL AND g.ended_at IS NULL AND c.closed_at IS NULL
        AND today BETWEEN g.valid_from AND g.valid_to);
END $$;

-- One's own agency and those that went over into it, from the day on which each did.
CREATE OR REPLACE FUNCTION gate.agencies() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own text := gate.agency();
    today date := gate.today();
BEGIN
    RETURN (WITH RECURSIVE found(agency) AS (
            SELECT own
            UNION
            SELECT c.agency::text FROM public.store_agencychange c JOIN found ON c.keeper = found.agency
            WHERE c.on_day <= today AND c.keeper <> ''
        )
        SELECT array_agg(agency) FROM found);
END $$;

-- Whether a condition of handling lets whoever is let in have what is under it.
CREATE OR REPLACE FUNCTION gate.meets(condition integer) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.store_handlingcondition h WHERE h.id = condition
        AND (h.until IS NULL OR h.until >= gate.today())
        AND CASE WHEN cardinality(h.roles) = 0 THEN gate.may('read_conditional')
            ELSE gate.role() = ANY(h.roles) END
        AND (cardinality(h.agencies) = 0 OR gate.agencies() && h.agencies::text[])
        AND (cardinality(h.purposes) = 0 OR gate.purpose() = ANY(h.purposes)));
END $$;

-- The number of a condition, kept where it is not yet.
CREATE OR REPLACE FUNCTION gate.condition_of(
    of_roles text[], of_agencies text[], of_purposes text[], is_sanitised boolean, up_to date) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found_id bigint;
BEGIN
    INSERT INTO public.store_handlingcondition (roles, agencies, purposes, sanitised, until)
    VALUES (of_roles, of_agencies, of_purposes, is_sanitised, up_to) ON CONFLICT DO NOTHING;
    SELECT h.id INTO found_id FROM public.store_handlingcondition h WHERE h.roles = of_roles::varchar[]
        AND h.agencies = of_agencies::varchar[] AND h.purposes = of_purposes::varchar[] AND h.sanitised = is_sanitised
        AND h.until IS NOT DISTINCT FROM up_to;
    RETURN found_id;
END $$;

-- Below which number walls are seen through: those of what is public; of all markings that one sees, where
-- the role reads figures of all agencies.
CREATE OR REPLACE FUNCTION gate.below() RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN 1000000 * (1 + CASE WHEN gate.may('read_figures') AND NOT gate.is_bound() THEN gate.sees() ELSE 0 END);
END $$;

-- The walls that are seen through beside those. Of one's own agency and those that went over into it, where one sees no more than that: also
-- for who replies to asks, or takes in what is released, and reads no figures. Of compartments that one is in;
-- of conditions that one meets, which bind nobody of the agency that set them.
CREATE OR REPLACE FUNCTION gate.own_walls() RETURNS integer[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sees integer := gate.sees();
    mine integer[] := gate.compartments();
    agencies text[];
BEGIN
    IF gate.is_bound() THEN
        IF NOT (gate.may('read_figures') OR gate.may('read_asks') OR gate.may('receive_return')) THEN
            RETURN '{}';
        END IF;
        agencies := gate.agencies();
        RETURN (SELECT coalesce(array_agg(w.id), '{}') FROM public.store_wall w
            WHERE w.agency = ANY(agencies) AND w.marking <= sees
                AND (w.compartment = 0 OR w.compartment = ANY(mine)));
    END IF;
    IF NOT gate.may('read_figures') THEN
        RETURN '{}';
    END IF;
    RETURN (SELECT coalesce(array_agg(w.id), '{}') FROM public.store_wall w
        WHERE w.id >= gate.first_shut() AND w.marking <= sees
            AND (w.compartment = 0 OR w.compartment = ANY(mine))
            AND (w.condition = 0 OR gate.meets(w.condition)));
END $$;

-- Every wall that is seen through.
CREATE OR REPLACE FUNCTION gate.walls() RETURNS integer[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    below integer := gate.below();
    own integer[] := gate.own_walls();
BEGIN
    RETURN (SELECT coalesce(array_agg(w.id), '{}') FROM public.store_wall w
        WHERE w.id < below OR w.id = ANY(own));
END $$;

-- Whether a row is hidden from a reader who sees so much.
CREATE OR REPLACE FUNCTION gate.hides(wall integer, marking integer, sees integer, walls integer[])
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT marking > sees OR wall <> ALL(walls) $$;

-- The walls that hide nothing from who asks: all, for the commands of the machine.
CREATE OR REPLACE FUNCTION gate.open_walls() RETURNS integer[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE WHEN gate.is_walled() THEN gate.walls()
        ELSE (SELECT array_agg(id) FROM public.store_wall) END;
END $$;

-- A row takes the wall of what it belongs to. A return is of the agency that sends it: of nobody in
-- particular where the machine's operator took it in.
CREATE OR REPLACE FUNCTION gate.take_wall() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Of a return there may be as many blocks as rows.
    IF TG_TABLE_NAME = 'store_block' THEN
        NEW.wall := (SELECT r.wall FROM public.store_return r WHERE r.id = NEW.of_id);
        RETURN NEW;
    END IF;
    NEW.wall := CASE TG_TABLE_NAME
        WHEN 'store_return' THEN gate.wall_of(gate.agency(), (to_jsonb(NEW)->>'marking')::int,
            coalesce((to_jsonb(NEW)->>'compartment_id')::int, 0), 0)
        WHEN 'store_intelligencereport' THEN
            gate.wall_of(to_jsonb(NEW)->>'agency', (to_jsonb(NEW)->>'marking')::int,
                coalesce((to_jsonb(NEW)->>'compartment_id')::int, 0), 0)
        WHEN 'store_intelligenceitem' THEN
            (SELECT gate.wall_of(r.agency, greatest(r.marking, (to_jsonb(NEW)->>'marking')::int),
                coalesce(r.compartment_id::int, 0), 0)
            FROM public.store_intelligencereport r WHERE r.id = (to_jsonb(NEW)->>'of_id')::bigint)
        WHEN 'store_ask' THEN
            (SELECT gate.wall_of(to_jsonb(NEW)->>'agency', e.marking, 0, 0)
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

-- An item stands behind the wall of the condition that its grade puts it under, with all that belongs to it:
-- that of the grade that stands today; one of a day to come binds already where it is under a condition.
CREATE OR REPLACE FUNCTION gate.settle_item(item bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    shared_under integer;
    new_wall integer;
BEGIN
    SELECT CASE WHEN substr(g.letters, 3, 1) = 'C'
        THEN coalesce(g.condition_id, gate.condition_of('{}', '{}', '{}', false, NULL)) ELSE 0 END
    INTO shared_under FROM public.store_itemgrade g
    WHERE g.item_id = item AND NOT EXISTS (
        SELECT FROM public.store_takenback t WHERE t.kind = 'grade' AND t.target = g.id::text
            AND t.undoes_id IS NULL AND t.known_from <= gate.today()
            AND NOT EXISTS (SELECT FROM public.store_takenback u
                WHERE u.undoes_id = t.id AND u.known_from <= gate.today()))
    ORDER BY g.known_from > gate.today() AND substr(g.letters, 3, 1) = 'C' DESC,
        g.known_from <= gate.today() DESC, g.known_from DESC, g.id DESC LIMIT 1;
    SELECT gate.wall_of(w.agency, w.marking, w.compartment, shared_under) INTO new_wall
    FROM public.store_intelligenceitem i JOIN public.store_wall w ON w.id = i.wall
    WHERE i.id = item AND shared_under IS NOT NULL AND w.condition <> shared_under;
    IF new_wall IS NOT NULL THEN
        UPDATE public.store_intelligenceitem i SET wall = new_wall WHERE i.id = item;
        UPDATE public.store_itemgrade g SET wall = new_wall WHERE g.item_id = item;
        UPDATE public.store_itemlink l SET wall = new_wall WHERE l.item_id = item;
        UPDATE public.store_secondgrade s SET wall = new_wall WHERE s.item_id = item;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION gate.settles() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'store_itemgrade' THEN
        PERFORM gate.settle_item(NEW.item_id);
    ELSIF NEW.kind = 'grade' THEN
        PERFORM gate.settle_item(g.item_id) FROM public.store_itemgrade g WHERE g.id::text = NEW.target;
    END IF;
    RETURN NULL;
END $$;

-- A row is entered once and completed: of what is named here each is filled in where nothing stood, and the
-- rest stays as it is. The commands of the machine are kept to the same.
CREATE OR REPLACE FUNCTION gate.only_completes() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE changed text;
BEGIN
    SELECT was.key INTO changed FROM jsonb_each(to_jsonb(OLD)) was JOIN jsonb_each(to_jsonb(NEW)) becomes
        ON becomes.key = was.key AND becomes.value IS DISTINCT FROM was.value
    WHERE was.key <> ALL(TG_ARGV) OR was.value NOT IN ('null', '""') LIMIT 1;
    IF changed IS NOT NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'this is entered and not changed: ' || changed;
    END IF;
    RETURN NEW;
END $$;

-- What is named here of a row stays as it was entered. The commands of the machine are kept to the same.
CREATE OR REPLACE FUNCTION gate.stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE changed text;
BEGIN
    SELECT named INTO changed FROM unnest(TG_ARGV) AS named
    WHERE to_jsonb(OLD)->named IS DISTINCT FROM to_jsonb(NEW)->named LIMIT 1;
    IF changed IS NOT NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'this is entered and not changed: ' || changed;
    END IF;
    RETURN NEW;
END $$;
