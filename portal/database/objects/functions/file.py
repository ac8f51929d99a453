"""Files that the operator shows to everybody."""

from portal.database.addresses import APP, STAFF, WORKER
from portal.database.objects.function import Function

# What a document or a profile refers to is for everybody; whatever else was uploaded is not.
PUBLIC_FILE = Function(
    "public_file",
    "id uuid",
    "TABLE(kind text, hash bytea, content bytea)",
    """
SELECT u.kind, u.hash, u.content
FROM upload u
WHERE u.id = public_file.id
    AND (EXISTS (SELECT FROM consent_document d WHERE d.file_id = u.id)
        OR EXISTS (SELECT FROM operator_profile p WHERE p.logo_id = u.id))
""",
    roles=(APP, STAFF, WORKER),
    volatility="STABLE",
)
