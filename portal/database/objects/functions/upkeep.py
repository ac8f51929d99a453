"""What serving leaves behind: mails, budgets, the use of apps, and what is spent."""

from portal.database.addresses import APP, LOGIN, STAFF, WORKER
from portal.database.objects.function import Function

# The jobs that the serving roles may ask for; they see no other, and not these either.
DEFER_MAIL = Function(
    "defer_mail",
    "outbox_id uuid, at timestamptz",
    "void",
    """
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
    'portal', 'send_mail', 0, NULL, NULL,
    jsonb_build_object('outbox_id', defer_mail.outbox_id), defer_mail.at
)::procrastinate_job_to_defer_v1])
""",
    roles=(APP, STAFF, LOGIN, WORKER),
    path="procrastinate, pg_catalog, pg_temp",
)
DEFER_VERSION_JOB = Function(
    "defer_version_job",
    "version_job_id uuid",
    "void",
    """
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
    'portal', 'run_version_job', 0, NULL, NULL,
    jsonb_build_object('version_job_id', defer_version_job.version_job_id), NULL
)::procrastinate_job_to_defer_v1])
""",
    roles=(STAFF, WORKER),
    path="procrastinate, pg_catalog, pg_temp",
)
# A clock that is behind another's must not fill the bucket: time never runs backwards in it.
LEASE_COST = Function(
    "lease_cost",
    (
        "caller bytea, needed double precision, wanted double precision, capacity double"
        " precision, per_second double precision, at timestamptz"
    ),
    "TABLE(granted double precision, remaining double precision)",
    """
#variable_conflict use_column
DECLARE
    bucket cost_bucket;
BEGIN
    DELETE FROM cost_bucket WHERE caller IN (
        SELECT b.caller FROM cost_bucket b
        WHERE b.at < lease_cost.at - make_interval(
            secs => 60 + lease_cost.capacity / lease_cost.per_second)
        LIMIT 10 FOR UPDATE SKIP LOCKED);
    INSERT INTO cost_bucket (caller, level, at)
    VALUES (lease_cost.caller, 0, lease_cost.at) ON CONFLICT DO NOTHING;
    SELECT * INTO bucket FROM cost_bucket b WHERE b.caller = lease_cost.caller FOR UPDATE;
    bucket.level := greatest(0, bucket.level - lease_cost.per_second
        * greatest(0, extract(epoch FROM lease_cost.at - bucket.at)));
    remaining := lease_cost.capacity - bucket.level;
    granted := CASE WHEN lease_cost.needed <= remaining
        THEN least(lease_cost.wanted, remaining) ELSE 0 END;
    UPDATE cost_bucket b SET level = greatest(0, bucket.level + granted),
        at = greatest(bucket.at, lease_cost.at)
    WHERE b.caller = lease_cost.caller;
    remaining := remaining - granted;
    RETURN NEXT;
END """,
    roles=(APP,),
    language="plpgsql",
)
# A row that somebody else changes just now is skipped, so that this never waits.
NOTE_APP_USE = Function(
    "note_app_use",
    "app_id uuid, account_ids uuid[], at timestamptz",
    "void",
    """
UPDATE app_authorization used SET last_used_at = note_app_use.at
FROM (
    SELECT u.id FROM app_authorization u
    WHERE u.app_id = note_app_use.app_id AND u.account_id = ANY (note_app_use.account_ids)
        AND u.revoked_at IS NULL AND u.expires_at > note_app_use.at
        AND (u.last_used_at IS NULL OR u.last_used_at <= note_app_use.at - interval '1 hour')
    FOR UPDATE SKIP LOCKED
) due
WHERE used.id = due.id
""",
    roles=(APP,),
)
# What has ended is kept for thirty days, for whoever looks into a misuse.
DELETE_SPENT = Function(
    "delete_spent",
    "at timestamptz",
    "void",
    """
DELETE FROM credential c
WHERE least(c.expires_at, c.revoked_at) < delete_spent.at - interval '30 days';
DELETE FROM registration r WHERE r.expires_at <= delete_spent.at;
DELETE FROM password_reset r WHERE r.expires_at <= delete_spent.at;
DELETE FROM attempt a WHERE a.last_at < delete_spent.at - interval '1 day';
DELETE FROM rate_event e WHERE e.expires_at <= delete_spent.at;
DELETE FROM known_network k WHERE k.last_at <= delete_spent.at - interval '90 days'
""",
    roles=(WORKER,),
)
