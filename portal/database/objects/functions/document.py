"""What keeps documents as they were issued, and makes them add up, whoever writes."""

from portal.database.addresses import APP, STAFF
from portal.database.objects.function import Function

REFUSE_DOCUMENT_CHANGE = Function(
    "refuse_document_change",
    "",
    "trigger",
    """BEGIN RAISE restrict_violation USING MESSAGE = 'a document stays as it was issued'; END""",
    language="plpgsql",
    is_definer=False,
    path="pg_catalog, pg_temp",
)
# By this a line can only be born in the transaction that issues its document.
NAME_ISSUING_TRANSACTION = Function(
    "name_issuing_transaction",
    "",
    "trigger",
    """BEGIN NEW.xact := pg_current_xact_id()::text::bigint; RETURN NEW; END""",
    language="plpgsql",
    is_definer=False,
    path="pg_catalog, pg_temp",
)
KEEP_NUMBERS_RISING = Function(
    "keep_numbers_rising",
    "",
    "trigger",
    """BEGIN
        IF NEW.last_number < OLD.last_number OR NEW.last_issued_on < OLD.last_issued_on THEN
            RAISE check_violation USING MESSAGE = 'a series of numbers never goes back';
        END IF;
        RETURN NEW; END""",
    language="plpgsql",
    is_definer=False,
    path="pg_catalog, pg_temp",
)
CHECK_DOCUMENT = Function(
    "check_document",
    "",
    "trigger",
    """BEGIN
        IF (SELECT coalesce(sum(l.net), -1) FROM document_line l WHERE l.document_id = NEW.id)
                <> NEW.net
            OR (SELECT coalesce(sum(v.vat), -1) FROM document_vat v WHERE v.document_id = NEW.id)
                <> NEW.vat
            OR EXISTS (
                SELECT FROM (
                    SELECT l.vat_category AS category, l.vat_rate AS rate, sum(l.net) AS net
                    FROM document_line l WHERE l.document_id = NEW.id
                    GROUP BY l.vat_category, l.vat_rate) lines
                FULL JOIN (
                    SELECT v.category, v.rate, v.net
                    FROM document_vat v WHERE v.document_id = NEW.id) sums
                USING (category, rate) WHERE lines.net IS DISTINCT FROM sums.net)
            OR NEW.kind = 'INVOICE' AND EXISTS (
                SELECT FROM document_vat v
                WHERE v.document_id = NEW.id AND v.vat <> round(v.net * v.rate / 100, 2))
        THEN RAISE check_violation USING MESSAGE = 'a document does not add up'; END IF;
        IF EXISTS (
            SELECT FROM document_vat v
            WHERE v.document_id = NEW.id AND v.category = 'O' AND EXISTS (
                SELECT FROM document_vat o WHERE o.document_id = NEW.id AND o.category <> 'O'))
        THEN RAISE check_violation USING MESSAGE = 'what no VAT is on stands alone'; END IF;
        IF EXISTS (
            SELECT FROM document d
            WHERE d.series = NEW.series AND d.series_year = NEW.series_year
                AND d.series_number = NEW.previous_number AND d.issued_on > NEW.issued_on)
        THEN RAISE check_violation USING MESSAGE = 'a number is no older than the one before'; END IF;
        IF NEW.kind = 'CREDIT_NOTE' AND EXISTS (
            SELECT FROM (
                SELECT v.category, v.rate, sum(v.net) AS net, sum(v.vat) AS vat
                FROM document d JOIN document_vat v ON v.document_id = d.id
                WHERE d.corrects_id = NEW.corrects_id GROUP BY v.category, v.rate) credited
            LEFT JOIN document_vat invoiced
                ON invoiced.document_id = NEW.corrects_id
                AND invoiced.category = credited.category AND invoiced.rate = credited.rate
            WHERE invoiced.id IS NULL OR credited.net > invoiced.net OR credited.vat > invoiced.vat
                OR credited.net = invoiced.net AND credited.vat <> invoiced.vat)
        THEN RAISE check_violation USING MESSAGE = 'more is credited than was invoiced'; END IF;
        IF NEW.kind = 'CREDIT_NOTE' AND EXISTS (
            SELECT FROM (
                SELECT l.corrects_position AS position, sum(l.net) AS net
                FROM document d JOIN document_line l ON l.document_id = d.id
                WHERE d.corrects_id = NEW.corrects_id AND l.corrects_position IS NOT NULL
                GROUP BY l.corrects_position) credited
            LEFT JOIN document_line invoiced
                ON invoiced.document_id = NEW.corrects_id
                AND invoiced.position = credited.position
            WHERE invoiced.id IS NULL OR credited.net > invoiced.net)
        THEN RAISE check_violation USING MESSAGE = 'more of a line is credited than it was'; END IF;
        RETURN NULL; END""",
    language="plpgsql",
    is_definer=False,
    path="pg_catalog, public, pg_temp",
)
# What whoever holds a document knows anyway.
ISSUED_DOCUMENT = Function(
    "issued_document",
    "code text",
    "TABLE(iban text, payable numeric, issued_on date, is_test boolean)",
    """
SELECT d.payload #>> '{seller,iban}', (d.payload ->> 'payable')::numeric, d.issued_on, d.is_test
FROM document d WHERE d.verification_code = issued_document.code
""",
    roles=(APP, STAFF),
    volatility="STABLE",
)
