"""Attempts, and events in sliding windows: all of them keyed hashes."""

from portal.database.addresses import APP, LOGIN, STAFF
from portal.database.objects.function import Function

COUNT_EVENTS = Function(
    "count_events",
    "counters bytea[], items bytea[], most integer[], seconds integer[], at timestamptz",
    "integer",
    """
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
END """,
    roles=(APP, STAFF, LOGIN),
    language="plpgsql",
)
COUNT_ATTEMPT = Function(
    "count_attempt",
    (
        "pair bytea, free integer, counters bytea[], items bytea[], most integer[], seconds"
        " integer[], kind text, subject text, network bytea, at timestamptz"
    ),
    "integer",
    """
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
        WHERE k.person_id = person AND k.network = sha256(network || uuid_send(person))
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
END """,
    roles=(LOGIN,),
    language="plpgsql",
)
FORGET_ATTEMPTS = Function(
    "forget_attempts",
    "pair bytea, counters bytea[], items bytea[]",
    "void",
    """
DELETE FROM attempt a WHERE a.subject = forget_attempts.pair;
DELETE FROM rate_event e
USING unnest(forget_attempts.counters, forget_attempts.items) AS one (counter, item)
WHERE e.counter = one.counter AND e.item = one.item
""",
    roles=(LOGIN,),
)
# What has been counted since then keeps its wait.
TAKE_BACK_ATTEMPT = Function(
    "take_back_attempt",
    "pair bytea, at timestamptz",
    "void",
    """
UPDATE attempt a SET count = greatest(a.count - 1, 0),
    next_at = CASE WHEN a.last_at = take_back_attempt.at THEN a.last_at ELSE a.next_at END
WHERE a.subject = take_back_attempt.pair
""",
    roles=(LOGIN,),
)
