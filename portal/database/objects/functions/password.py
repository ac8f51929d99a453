"""Passwords and the codes for new ones; a viewer is the person that the transaction says."""

from portal.database.addresses import LOGIN
from portal.database.objects.function import Function
from portal.models.wall import VIEWER

OWN_PASSWORD = Function(
    "own_password",
    "",
    "TABLE(email text, name text, language text, hash text)",
    f"""
SELECT p.email, p.name, p.language, w.hash
FROM person p JOIN password w ON w.person_id = p.id WHERE p.id = {VIEWER}
""",
    roles=(LOGIN,),
    volatility="STABLE",
)
CHANGE_PASSWORD = Function(
    "change_password",
    "old_hash text, new_hash text, token_hash bytea, at timestamptz",
    "integer",
    f"""
WITH changed AS (
    UPDATE password w SET hash = change_password.new_hash
    WHERE w.person_id = {VIEWER} AND w.hash = change_password.old_hash
    RETURNING w.person_id
), forgotten AS (
    DELETE FROM password_reset r USING changed WHERE r.person_id = changed.person_id
), ended AS (
    UPDATE credential c SET revoked_at = change_password.at FROM changed
    WHERE c.person_id = changed.person_id AND c.token_hash <> change_password.token_hash
        AND c.revoked_at IS NULL AND c.expires_at > change_password.at
    RETURNING c.id
)
SELECT (SELECT count(*)::integer FROM ended) FROM changed
""",
    roles=(LOGIN,),
)
REHASH_PASSWORD = Function(
    "rehash_password",
    "person_id uuid, old_hash text, new_hash text",
    "void",
    """
UPDATE password w SET hash = rehash_password.new_hash
WHERE w.person_id = rehash_password.person_id AND w.hash = rehash_password.old_hash
""",
    roles=(LOGIN,),
)
NOTE_NETWORK = Function(
    "note_network",
    "person_id uuid, network bytea, at timestamptz",
    "void",
    """
DELETE FROM known_network k WHERE k.person_id = note_network.person_id
    AND k.last_at <= note_network.at - interval '90 days';
INSERT INTO known_network (person_id, network, last_at)
VALUES (note_network.person_id,
    sha256(note_network.network || uuid_send(note_network.person_id)), note_network.at)
ON CONFLICT (person_id, network) DO UPDATE SET last_at = excluded.last_at;
-- Whoever comes in is not idle, and has answered what was announced.
UPDATE idle_person i SET since = note_network.at, announced_at = NULL
WHERE i.person_id = note_network.person_id
""",
    roles=(LOGIN,),
)
START_PASSWORD_RESET = Function(
    "start_password_reset",
    "id uuid, email text, code_hash bytea, at timestamptz, expires_at timestamptz",
    "TABLE(known_name text, known_language text)",
    """
DELETE FROM password_reset WHERE id IN (
    SELECT id FROM password_reset WHERE expires_at <= start_password_reset.at LIMIT 100 FOR UPDATE SKIP LOCKED
);
INSERT INTO password_reset (id, person_id, code_hash, expires_at)
VALUES (start_password_reset.id,
    (SELECT p.id FROM person p WHERE p.email = start_password_reset.email),
    start_password_reset.code_hash, start_password_reset.expires_at);
SELECT p.name, p.language FROM person p WHERE p.email = start_password_reset.email
""",
    roles=(LOGIN,),
)
TAKE_PASSWORD_RESET = Function(
    "take_password_reset",
    "id uuid, code_hash bytea, at timestamptz",
    "TABLE(email text, name text, language text)",
    """
SELECT p.email, p.name, p.language
FROM password_reset r JOIN person p ON p.id = r.person_id
WHERE r.id = take_password_reset.id
    AND r.code_hash = take_password_reset.code_hash
    AND r.expires_at > take_password_reset.at
FOR UPDATE OF r
""",
    roles=(LOGIN,),
)
FINISH_PASSWORD_RESET = Function(
    "finish_password_reset",
    "id uuid, code_hash bytea, hash text, network bytea, at timestamptz",
    "integer",
    """
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
""",
    roles=(LOGIN,),
)
