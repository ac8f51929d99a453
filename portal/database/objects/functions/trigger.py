"""What triggers run."""

from portal.database.objects.function import Function

ANNOUNCE_LOGIN_CHANGE = Function(
    "announce_login_change",
    "",
    "trigger",
    """BEGIN PERFORM pg_notify('portal_login', ''); RETURN NULL; END""",
    language="plpgsql",
    is_definer=False,
    path="pg_catalog, pg_temp",
)
REFUSE_TRUNCATE = Function(
    "refuse_truncate",
    "",
    "trigger",
    """BEGIN RAISE insufficient_privilege USING MESSAGE = 'the history is kept'; END""",
    language="plpgsql",
    is_definer=False,
    path="pg_catalog, pg_temp",
)
# What is published was told to customers. The owner of the tables corrects terms under which no day
# can be computed, as the doctor asks.
REFUSE_PUBLISHED_VERSION = Function(
    "refuse_published_version",
    "",
    "trigger",
    """BEGIN
        IF OLD.published_at IS NULL OR pg_has_role(session_user, 'portal_owner', 'MEMBER') THEN
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL
            AND to_jsonb(NEW) - '{withdrawn_at,version}'::text[]
                = to_jsonb(OLD) - '{withdrawn_at,version}'::text[] THEN
            RETURN NEW;
        END IF;
        RAISE insufficient_privilege USING MESSAGE = 'a published version never changes'; END""",
    language="plpgsql",
    is_definer=False,
    path="pg_catalog, pg_temp",
)
# From then on customers see what the version is of, also when it is withdrawn. A policy that asked the
# versions would ask the tariffs, and so itself.
MARK_FIRST_PUBLISHED = Function(
    "mark_first_published",
    "",
    "trigger",
    """BEGIN
        IF NEW.published_at IS NULL THEN RETURN NULL; END IF;
        UPDATE tariff SET first_published_at = NEW.published_at
            WHERE id = NEW.tariff_id AND first_published_at IS NULL;
        UPDATE module SET first_published_at = NEW.published_at
            WHERE first_published_at IS NULL
                AND id = (SELECT module_id FROM tariff WHERE id = NEW.tariff_id);
        RETURN NULL; END""",
    language="plpgsql",
    is_definer=False,
    path="pg_catalog, public, pg_temp",
)
# The lock keeps the version a draft until the transaction is through.
REFUSE_PUBLISHED_PRICE = Function(
    "refuse_published_price",
    "",
    "trigger",
    """DECLARE
        versions uuid[] := '{}';
        version record;
    BEGIN
        IF TG_OP <> 'INSERT' THEN versions := ARRAY[OLD.tariff_version_id]; END IF;
        IF TG_OP <> 'DELETE' THEN versions := versions || NEW.tariff_version_id; END IF;
        FOR version IN SELECT v.published_at FROM tariff_version v
            WHERE v.id = ANY (versions) ORDER BY v.id FOR SHARE
        LOOP
            IF version.published_at IS NOT NULL
                AND NOT pg_has_role(session_user, 'portal_owner', 'MEMBER') THEN
                RAISE insufficient_privilege USING MESSAGE = 'a published version never changes';
            END IF;
        END LOOP;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW; END""",
    language="plpgsql",
    is_definer=False,
    path="pg_catalog, public, pg_temp",
)
# A plain word is its own key. So what functions write when they erase leaves no key behind.
KEEP_KEYS_OF_ACCOUNT = Function(
    "keep_keys_of_account",
    "",
    "trigger",
    """BEGIN
        IF NEW.name COLLATE "C" ~ '^[a-z0-9]+$' THEN NEW.sort_name := NEW.name; END IF;
        IF NEW.customer_number IS NULL THEN
            NEW.unique_customer_number := NULL;
            NEW.sort_customer_number := NULL;
        END IF;
        RETURN NEW; END""",
    language="plpgsql",
    is_definer=False,
    path="pg_catalog, pg_temp",
)
KEEP_KEYS_OF_PERSON = Function(
    "keep_keys_of_person",
    "",
    "trigger",
    """BEGIN
        IF NEW.name COLLATE "C" ~ '^[a-z0-9]+$' THEN NEW.sort_name := NEW.name; END IF;
        IF NEW.email COLLATE "C" ~ '^[a-z0-9][a-z0-9@.-]*$' THEN
            NEW.sort_email := NEW.email;
        END IF;
        RETURN NEW; END""",
    language="plpgsql",
    is_definer=False,
    path="pg_catalog, pg_temp",
)
