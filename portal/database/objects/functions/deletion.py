"""Who may erase an account or a person, and which people nobody needs."""

from portal.database.addresses import APP, LOGIN, STAFF, WORKER
from portal.database.objects.function import Function

# Whoever is a member somewhere, or works for the operator, is needed.
_NEEDED = """(EXISTS (SELECT FROM member m WHERE m.person_id = {person})
    OR EXISTS (SELECT FROM staff s WHERE s.person_id = {person} AND s.deactivated_at IS NULL))"""

ERASE_ACCOUNT = Function(
    "erase_account",
    "account_id uuid",
    "void",
    """
#variable_conflict use_column
DECLARE
    viewer uuid := current_setting('portal.viewer')::uuid;
    people uuid[];
BEGIN
    IF NOT (
            session_user = 'portal_staff' AND EXISTS (SELECT FROM staff s
                WHERE s.person_id = viewer AND s.role = 'MANAGER' AND s.deactivated_at IS NULL)
            OR session_user = 'portal_app' AND EXISTS (SELECT FROM member m
                WHERE m.account_id = erase_account.account_id AND m.person_id = viewer
                    AND m.role = 'OWNER')
        )
        OR NOT EXISTS (SELECT FROM account a
            WHERE a.id = erase_account.account_id AND a.deleted_at IS NOT NULL)
        OR EXISTS (SELECT FROM module_subscription s
            JOIN account a ON a.id = s.account_id
            WHERE s.account_id = erase_account.account_id
                AND (s.ends_on IS NULL
                    OR s.ends_on >= timezone(a.time_zone, a.deleted_at)::date))
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'this account may not be erased';
    END IF;

    -- Nobody joins another account while it is looked who has one.
    PERFORM FROM person p JOIN member m ON m.person_id = p.id
    WHERE m.account_id = erase_account.account_id ORDER BY p.id FOR UPDATE OF p;
    people := ARRAY(SELECT p.id
        FROM person p JOIN member m ON m.person_id = p.id
        WHERE m.account_id = erase_account.account_id
            AND NOT EXISTS (SELECT FROM staff s WHERE s.person_id = p.id)
            AND NOT EXISTS (SELECT FROM member o
                WHERE o.person_id = p.id AND o.account_id <> erase_account.account_id));

    PERFORM erase(ARRAY[erase_account.account_id], people);
END
""",
    roles=(APP, STAFF),
    language="plpgsql",
)
# The hash proves that the password was asked for: the viewer is what the transaction says.
ERASE_VIEWER = Function(
    "erase_viewer",
    "hash text, at timestamptz",
    "TABLE(obstacle text, ended integer)",
    f"""
DECLARE
    viewer uuid := current_setting('portal.viewer')::uuid;
BEGIN
    -- Nobody joins an account while it is looked who has one.
    PERFORM FROM person p WHERE p.id = viewer FOR UPDATE;
    IF NOT EXISTS (SELECT FROM password w
        WHERE w.person_id = viewer AND w.hash = erase_viewer.hash)
    THEN
        obstacle := 'PASSWORD';
    ELSIF EXISTS (SELECT FROM staff s WHERE s.person_id = viewer AND s.deactivated_at IS NULL)
    THEN
        obstacle := 'STAFF';
    ELSIF {_NEEDED.format(person="viewer")} THEN
        obstacle := 'MEMBER';
    ELSE
        SELECT count(*) INTO ended FROM credential c
        WHERE c.person_id = viewer AND c.revoked_at IS NULL AND c.expires_at > erase_viewer.at;
        PERFORM erase('{{}}', ARRAY[viewer]);
    END IF;
    RETURN NEXT;
END """,
    roles=(LOGIN,),
    language="plpgsql",
)
NOTE_IDLE_PEOPLE = Function(
    "note_idle_people",
    "at timestamptz",
    "void",
    f"""
DELETE FROM idle_person i WHERE {_NEEDED.format(person="i.person_id")};
INSERT INTO idle_person (person_id, since)
SELECT p.id, note_idle_people.at FROM person p
WHERE NOT {_NEEDED.format(person="p.id")} AND p.email <> p.id || '@deleted.invalid'
ON CONFLICT DO NOTHING
""",
    roles=(WORKER,),
)
ANNOUNCE_ERASURES = Function(
    "announce_erasures",
    "at timestamptz",
    "TABLE(name text, email text, language text)",
    """
UPDATE idle_person i SET announced_at = announce_erasures.at
FROM person p
WHERE p.id = i.person_id AND i.announced_at IS NULL
    AND i.since + interval '12 months' - interval '30 days' <= announce_erasures.at
RETURNING p.name, p.email, p.language
""",
    roles=(WORKER,),
)
# Whoever is just logging in, or joining an account, holds one of the two rows: not now.
ERASE_IDLE_PEOPLE = Function(
    "erase_idle_people",
    "at timestamptz",
    "integer",
    f"""
DECLARE
    people uuid[];
BEGIN
    people := ARRAY(SELECT i.person_id FROM idle_person i JOIN person p ON p.id = i.person_id
        WHERE i.announced_at + interval '30 days' <= erase_idle_people.at
        FOR UPDATE OF i, p SKIP LOCKED);
    -- As it is now that they are locked.
    people := ARRAY(SELECT one FROM unnest(people) one WHERE NOT {_NEEDED.format(person="one")});
    PERFORM erase('{{}}', people);
    RETURN cardinality(people);
END """,
    roles=(WORKER,),
    language="plpgsql",
)
