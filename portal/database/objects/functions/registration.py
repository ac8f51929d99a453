"""Registrations, until a code from the mail confirms them."""

from portal.database.addresses import LOGIN
from portal.database.objects.function import Function

START_REGISTRATION = Function(
    "start_registration",
    (
        "id uuid, email text, person_name text, account_name text, language text,"
        " password_hash text, consent_document_ids uuid[], code_hash bytea, at timestamptz,"
        " expires_at timestamptz"
    ),
    "TABLE(known_name text, known_language text)",
    """
DELETE FROM registration WHERE id IN (
    SELECT id FROM registration WHERE expires_at <= start_registration.at LIMIT 100 FOR UPDATE SKIP LOCKED
);
INSERT INTO registration (id, email, person_name, account_name, language, password_hash,
    consent_document_ids, code_hash, created_at, expires_at)
VALUES (start_registration.id, start_registration.email, start_registration.person_name,
    start_registration.account_name, start_registration.language,
    start_registration.password_hash, start_registration.consent_document_ids,
    start_registration.code_hash, start_registration.at, start_registration.expires_at);
SELECT p.name, p.language FROM person p WHERE p.email = start_registration.email
""",
    roles=(LOGIN,),
)
TAKE_REGISTRATION = Function(
    "take_registration",
    "id uuid, code_hash bytea, at timestamptz",
    (
        "TABLE(email text, person_name text, account_name text, language text,"
        " consent_document_ids uuid[], created_at timestamptz)"
    ),
    """
SELECT r.email, r.person_name, r.account_name, r.language, r.consent_document_ids, r.created_at
FROM registration r
WHERE r.id = take_registration.id
    AND r.code_hash = take_registration.code_hash
    AND r.expires_at > take_registration.at
FOR UPDATE
""",
    roles=(LOGIN,),
)
FINISH_REGISTRATION = Function(
    "finish_registration",
    "id uuid, code_hash bytea, person_id uuid",
    "void",
    """
INSERT INTO password (person_id, hash)
SELECT p.id, r.password_hash
FROM registration r JOIN person p ON p.email = r.email
WHERE r.id = finish_registration.id
    AND r.code_hash = finish_registration.code_hash
    AND p.id = finish_registration.person_id;
DELETE FROM registration r USING person p
WHERE p.id = finish_registration.person_id AND r.email = p.email
""",
    roles=(LOGIN,),
)
