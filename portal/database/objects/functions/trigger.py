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
