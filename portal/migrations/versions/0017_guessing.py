"""Guessing is counted for each network too, and not against networks that a person has used.

Revision ID: 0017

No serving role sees a row of these tables: it calls functions that take keyed hashes. What erasing
a person means stands in one function, for those that may be asked to.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SECRET = ("rate_event", "known_network")
# The hash differs from person to person: nobody sees who shares a network.
OF_PERSON = "sha256({network} || uuid_send({person}))"

COUNT_EVENTS = """
CREATE FUNCTION count_events(counters bytea[], items bytea[], most integer[], seconds integer[],
    at timestamptz) RETURNS integer LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    wait integer;
BEGIN
    -- Those that count the same take turns, always in the same order.
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(o.counter, 'hex'), 0))
    FROM (SELECT DISTINCT c AS counter FROM unnest(counters) c ORDER BY 1) o;
    DELETE FROM rate_event e
    WHERE e.counter = ANY (count_events.counters) AND e.expires_at <= count_events.at;
    SELECT max(full_for.seconds) INTO wait
    FROM unnest(counters, items, most) AS one (counter, item, most),
        LATERAL (
            SELECT greatest(1, ceil(extract(epoch FROM min(e.expires_at) - count_events.at)))::integer
                AS seconds
            FROM rate_event e WHERE e.counter = one.counter
            HAVING count(*) >= one.most AND NOT bool_or(e.item = one.item)
        ) full_for;
    IF wait IS NULL THEN
        INSERT INTO rate_event AS e (counter, item, expires_at)
        SELECT one.counter, one.item, count_events.at + make_interval(secs => one.seconds)
        FROM unnest(counters, items, seconds) AS one (counter, item, seconds)
        ON CONFLICT (counter, item) DO UPDATE SET expires_at = excluded.expires_at;
    END IF;
    RETURN coalesce(wait, 0);
END $body$
"""
COUNT_ATTEMPT = f"""
CREATE FUNCTION count_attempt(pair bytea, free integer, counters bytea[], items bytea[],
    most integer[], seconds integer[], kind text, subject text, network bytea, at timestamptz)
RETURNS integer LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
#variable_conflict use_variable
DECLARE
    person uuid;
    wait integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(pair, 'hex'), 0));
    SELECT greatest(1, ceil(extract(epoch FROM a.next_at - at)))::integer INTO wait
    FROM attempt a WHERE a.subject = pair AND a.next_at > at;
    IF wait IS NOT NULL THEN
        RETURN wait;
    END IF;
    person := CASE kind
        WHEN 'EMAIL' THEN (SELECT p.id FROM person p WHERE p.email = subject)
        WHEN 'PERSON' THEN subject::uuid
        WHEN 'PASSWORD_RESET' THEN
            (SELECT r.person_id FROM password_reset r WHERE r.id = subject::uuid)
        END;
    IF NOT EXISTS (SELECT FROM known_network k
        WHERE k.person_id = person AND k.network = {OF_PERSON.format(network="network", person="person")}
            AND k.last_at > at - interval '90 days')
    THEN
        wait := count_events(counters, items, most, seconds, at);
        IF wait > 0 THEN
            RETURN wait;
        END IF;
    END IF;
    INSERT INTO attempt AS a (subject, count, last_at, next_at)
    VALUES (pair, 1, at, at)
    ON CONFLICT ON CONSTRAINT pk_attempt DO UPDATE SET
        count = CASE WHEN a.last_at < at - interval '1 day' THEN 1 ELSE a.count + 1 END,
        last_at = at;
    UPDATE attempt a SET next_at = at + CASE WHEN a.count < free THEN interval '0'
        ELSE make_interval(secs => least(900, power(2, least(a.count - free, 10)))) END
    WHERE a.subject = pair;
    RETURN 0;
END $body$
"""
FUNCTIONS = {
    "count_events(bytea[], bytea[], integer[], integer[], timestamptz)": (
        COUNT_EVENTS,
        "portal_app, portal_staff, portal_login",
    ),
    "count_attempt(bytea, integer, bytea[], bytea[], integer[], integer[], text, text, bytea,"
    " timestamptz)": (COUNT_ATTEMPT, "portal_login"),
    "forget_attempts(bytea, bytea[], bytea[])": (
        """
CREATE FUNCTION forget_attempts(pair bytea, counters bytea[], items bytea[])
RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DELETE FROM attempt a WHERE a.subject = forget_attempts.pair;
DELETE FROM rate_event e
USING unnest(forget_attempts.counters, forget_attempts.items) AS one (counter, item)
WHERE e.counter = one.counter AND e.item = one.item
$body$
""",
        "portal_login",
    ),
    # What has been counted since then keeps its wait.
    "take_back_attempt(bytea, timestamptz)": (
        """
CREATE FUNCTION take_back_attempt(pair bytea, at timestamptz) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
UPDATE attempt a SET count = greatest(a.count - 1, 0),
    next_at = CASE WHEN a.last_at = take_back_attempt.at THEN a.last_at ELSE a.next_at END
WHERE a.subject = take_back_attempt.pair
$body$
""",
        "portal_login",
    ),
    "note_network(uuid, bytea, timestamptz)": (
        f"""
CREATE FUNCTION note_network(person_id uuid, network bytea, at timestamptz)
RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DELETE FROM known_network k WHERE k.person_id = note_network.person_id
    AND k.last_at <= note_network.at - interval '90 days';
INSERT INTO known_network (person_id, network, last_at)
VALUES (note_network.person_id,
    {OF_PERSON.format(network="note_network.network", person="note_network.person_id")},
    note_network.at)
ON CONFLICT (person_id, network) DO UPDATE SET last_at = excluded.last_at
$body$
""",
        "portal_login",
    ),
    "finish_password_reset(uuid, bytea, text, bytea, timestamptz)": (
        """
CREATE FUNCTION finish_password_reset(id uuid, code_hash bytea, hash text, network bytea,
    at timestamptz) RETURNS integer LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
SELECT note_network(r.person_id, finish_password_reset.network, finish_password_reset.at)
FROM password_reset r
WHERE r.id = finish_password_reset.id
    AND r.code_hash = finish_password_reset.code_hash
    AND r.expires_at > finish_password_reset.at
    AND r.person_id IS NOT NULL;
WITH proven AS (
    SELECT r.person_id FROM password_reset r
    WHERE r.id = finish_password_reset.id
        AND r.code_hash = finish_password_reset.code_hash
        AND r.expires_at > finish_password_reset.at
        AND r.person_id IS NOT NULL
), used AS (
    DELETE FROM password_reset r USING proven WHERE r.person_id = proven.person_id
), kept AS (
    INSERT INTO password (person_id, hash)
    SELECT proven.person_id, finish_password_reset.hash FROM proven
    ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash
), ended AS (
    UPDATE credential c SET revoked_at = finish_password_reset.at FROM proven
    WHERE c.person_id = proven.person_id
        AND c.revoked_at IS NULL AND c.expires_at > finish_password_reset.at
    RETURNING c.id
)
SELECT count(*)::integer FROM ended
$body$
""",
        "portal_login",
    ),
    # Only functions of the owner ask for it: they know who may.
    "erase_people(uuid[])": (
        """
CREATE FUNCTION erase_people(people uuid[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    emails text[] := ARRAY(SELECT p.email FROM person p WHERE p.id = ANY (people));
BEGIN
    DELETE FROM password t WHERE t.person_id = ANY (people);
    DELETE FROM credential t WHERE t.person_id = ANY (people);
    DELETE FROM known_network t WHERE t.person_id = ANY (people);
    DELETE FROM password_reset t WHERE t.person_id = ANY (people);
    DELETE FROM registration t WHERE t.email = ANY (emails);
    -- The answer to this very change stays for whoever sends it twice; it names nobody.
    DELETE FROM idempotency_key t
    WHERE t.viewer_id = ANY (people) AND t.mutation <> 'deleteAccount';
    UPDATE history_entry t SET actor_name = NULL WHERE t.actor_id = ANY (people);
    UPDATE history_value t SET before = NULL, after = NULL FROM invitation i
    WHERE i.email = ANY (emails) AND t.account_id = i.account_id AND t.subject_id = i.id;
    DELETE FROM invitation t WHERE t.email = ANY (emails);
    UPDATE message t SET recipient = '' WHERE t.recipient = ANY (emails);
    UPDATE person t SET name = 'deleted', email = t.id || '@deleted.invalid'
    WHERE t.id = ANY (people);
END $body$
""",
        "",
    ),
}
ERASE_ACCOUNT = """
CREATE OR REPLACE FUNCTION erase_account(account_id uuid) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
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

    DELETE FROM outbox t WHERE t.account_id = erase_account.account_id;
    DELETE FROM message t WHERE t.account_id = erase_account.account_id;
    DELETE FROM invitation t WHERE t.account_id = erase_account.account_id;
    DELETE FROM app_authorization t WHERE t.account_id = erase_account.account_id;
    DELETE FROM request t WHERE t.account_id = erase_account.account_id;
    DELETE FROM consent t WHERE t.account_id = erase_account.account_id;
    DELETE FROM notice t WHERE t.account_id = erase_account.account_id;
    DELETE FROM tariff_change t WHERE t.account_id = erase_account.account_id;
    DELETE FROM tariff_period t WHERE t.account_id = erase_account.account_id;
    DELETE FROM module_subscription t WHERE t.account_id = erase_account.account_id;
    DELETE FROM contract t WHERE t.account_id = erase_account.account_id;
    DELETE FROM member t WHERE t.account_id = erase_account.account_id;
    UPDATE history_value t SET before = NULL, after = NULL
    WHERE t.account_id = erase_account.account_id;
    UPDATE history_entry t SET reason = NULL, on_behalf_of = NULL,
        actor_name = CASE WHEN t.actor_role IN ('EMPLOYEE', 'MANAGER', 'PARTNER')
            THEN t.actor_name END
    WHERE t.account_id = erase_account.account_id;
    UPDATE account t SET name = 'deleted', customer_number = NULL
    WHERE t.id = erase_account.account_id;
    PERFORM erase_people(people);
END
$body$
"""
OVER = (
    "count_attempt(bytea, integer, timestamptz)",
    "forget_attempts(bytea)",
    "finish_password_reset(uuid, bytea, text, timestamptz)",
)


def upgrade() -> None:
    """Make the tables, close them, and put the functions in the place of the earlier ones."""
    op.create_table(
        "rate_event",
        sa.Column("counter", sa.LargeBinary(), nullable=False),
        sa.Column("item", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("counter", "item", name=op.f("pk_rate_event")),
    )
    op.create_index(op.f("ix_rate_event_expires_at"), "rate_event", ["expires_at"], unique=False)
    op.create_table(
        "known_network",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("network", sa.LargeBinary(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "octet_length(network) = 32", name=op.f("ck_known_network_network_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_known_network_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "network", name=op.f("pk_known_network")),
    )
    op.create_index(op.f("ix_known_network_last_at"), "known_network", ["last_at"], unique=False)
    for table in SECRET:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY owner_rows ON {table} TO portal_owner USING (true) WITH CHECK (true)"
        )
    for signature in OVER:
        op.execute(f"DROP FUNCTION {signature}")
    for signature, (function, roles) in FUNCTIONS.items():
        op.execute(function)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        if roles:
            op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {roles}")
    op.execute(ERASE_ACCOUNT)
