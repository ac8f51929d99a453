"""The statements that a patient developer would write by hand, for the contenders' three reads.

Each sets the viewer in the one shape in which PostgreSQL does so before it asks a policy: nothing
but a materialized CTE, and every table in a sub-select of the one expression.
"""

from bench.peers.costs import costs

_ID = "replace(encode(convert_to('{type}:' || {id}, 'UTF8'), 'base64'), E'\\n', '')"
_TODAY = "(now() AT TIME ZONE {account}.time_zone)::date"
_DECIMAL = "(trim_scale({value}) + 0.00)::text"
_INSTANT = """to_char({value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def _id(type: str, column: str) -> str:
    return _ID.format(type=type, id=column)


def _words(column: str) -> str:
    """Give a text of the operator for the benchmark's callers, who all read Dutch."""
    words = f"coalesce({column}_translations ->> 'nl', {column})"
    return f'(SELECT row_to_json(w) FROM (SELECT {words} "value") w)'


_ITEMS = f"""
SELECT coalesce(json_agg(i), '[]') FROM (
    SELECT {_words("i.name")} "name", {_words("i.unit")} "unit",
        {_DECIMAL.format(value="i.unit_price")} "unitPrice",
        i.billing_mode "billingMode"
    FROM item i WHERE i.price_list_section_id = s.id AND NOT i.is_additional_option
    ORDER BY i.position, i.id) i
"""
_SECTIONS = f"""
SELECT coalesce(json_agg(s), '[]') FROM (
    SELECT {_words("s.title")} "title", ({_ITEMS}) items
    FROM price_list_section s WHERE s.tariff_version_id = v.id ORDER BY s.position, s.id) s
"""
_PRICE_LIST = f"""
SELECT row_to_json(v) FROM (
    SELECT v.valid_from "validFrom", ({_SECTIONS}) sections
    FROM tariff_version v
    WHERE v.tariff_id = p.tariff_id AND v.published_at IS NOT NULL AND v.withdrawn_at IS NULL
        AND (v.valid_from_for_existing <= {_TODAY.format(account="a")}
        OR v.valid_from <= p.agreed_on)
    ORDER BY v.valid_from DESC, v.id DESC LIMIT 1) v
"""
_CURRENT_TARIFF = f"""
SELECT row_to_json(p) FROM (
    SELECT p.starts_on "startsOn", ({_PRICE_LIST}) "priceList"
    FROM tariff_period p
    WHERE p.account_id = a.id AND p.module_subscription_id = m.id
        AND (p.starts_on <= {_TODAY.format(account="a")} OR p.starts_on = m.starts_on)
    ORDER BY p.starts_on DESC, p.id DESC LIMIT 1) p
"""
_OWNER = """
SELECT row_to_json(o) FROM (
    SELECT p.name, p.email FROM member o JOIN person p ON p.id = o.person_id
    WHERE o.account_id = a.id AND o.id = a.owner_id) o
"""
_MODULE = f"""
SELECT row_to_json(n) FROM (
    SELECT {_words("n.name")} "name" FROM module n WHERE n.id = m.module_id) n
"""
_DAY_OF_RUN = f"greatest(m.starts_on, least({_TODAY.format(account='a')}, m.ends_on))"
# The inner select works each number out once: PostgreSQL leaves one that is ordered as it is.
_COSTS = f"""
SELECT coalesce(json_agg(l), '[]') FROM (
    SELECT {_words("l.name")} "name", l.quantity,
        {_DECIMAL.format(value="l.unit_price")} "unitPrice",
        {_DECIMAL.format(value="l.agreed_price")} "agreedPrice",
        {_DECIMAL.format(value="l.percent")} "discountPercent",
        {_DECIMAL.format(value="l.monthly")} "monthlyAmount"
    FROM (
        SELECT i.name, i.name_translations, n.quantity, i.unit_price, g.percent, c.monthly,
            CASE WHEN num_nonnulls(g.price, g.percent) > 0 THEN n.price END agreed_price
        FROM {costs(_DAY_OF_RUN)}
        ORDER BY s.position, i.position, i.id) l) l
"""
_MONTHLY_TOTAL = f"""
SELECT round(coalesce(sum(o.monthly), 0), 2) FROM (
    SELECT {_TODAY.format(account="a")} today OFFSET 0) t
JOIN module_subscription m ON m.account_id = a.id AND m.starts_on <= t.today
    AND (m.ends_on IS NULL OR m.ends_on >= t.today)
CROSS JOIN LATERAL (SELECT sum(c.monthly) monthly FROM {costs("t.today")}) o
"""
_MODULES = f"""
SELECT json_build_object('edges', coalesce(json_agg(row_to_json(e)), '[]')) FROM (
    SELECT row_to_json(m) node FROM (
        SELECT {_id("ModuleSubscription", "m.id")} id, m.starts_on "startsOn",
            m.ends_on "endsOn", ({_MODULE}) module, ({_CURRENT_TARIFF}) "currentTariff",
            ({_COSTS}) costs
        FROM (SELECT * FROM module_subscription m WHERE m.account_id = a.id
            ORDER BY m.starts_on, m.id LIMIT 5) m) m) e
"""
# What is kept by its name in the tables is shown by that of the schema.
_FIELD = (
    "CASE v.field WHEN 'Contract.deviatingPaymentTerms' THEN 'Contract.paymentTerms.deviating'"
    " ELSE v.field END"
)
_HISTORY = f"""
SELECT json_build_object('edges', coalesce(json_agg(row_to_json(e)), '[]')) FROM (
    SELECT row_to_json(h) node FROM (
        SELECT h.number, {_INSTANT.format(value="h.at")} at, h.action,
            h.actor_role "actorRole", h.reason, (
                SELECT coalesce(json_agg(v), '[]') FROM (
                    SELECT {_FIELD} "field" FROM history_value v
                    WHERE v.account_id = h.account_id AND v.history_entry_id = h.id
                    ORDER BY v.position, v.id) v) values
        FROM (SELECT * FROM history_entry h WHERE h.account_id = a.id
            ORDER BY h.number DESC, h.id DESC LIMIT 10) h) h) e
"""


def _terms(prefix: str) -> str:
    return f"""
CASE WHEN c.{prefix}_name IS NOT NULL THEN (SELECT row_to_json(t) FROM (
    SELECT c.{prefix}_name "name", c.{prefix}_due_days "dueDays", c.{prefix}_method "method") t) END
"""


_CONTRACT = f"""
SELECT row_to_json(c) FROM (
    SELECT {_id("Contract", "c.id")} id, c.version,
        (SELECT row_to_json(p) FROM (SELECT c.contract_partner_name "name",
            c.contract_partner_street "street", c.contract_partner_postal_code "postalCode",
            c.contract_partner_city "city", c.contract_partner_country "country",
            c.contract_partner_kind "kind") p) "contractPartner",
        CASE WHEN c.billing_address_name IS NOT NULL THEN (SELECT row_to_json(b) FROM (
            SELECT c.billing_address_name "name", c.billing_address_street "street",
            c.billing_address_postal_code "postalCode", c.billing_address_city "city",
            c.billing_address_country "country", c.billing_address_attention "attention") b) END
            "billingAddress",
        (SELECT row_to_json(t) FROM (SELECT {_terms("general_payment_terms")} "general",
            {_terms("deviating_payment_terms")} "deviating") t) "paymentTerms",
        c.vat_treatment "vatTreatment", c.vat_number "vatNumber",
        (SELECT row_to_json(d) FROM (SELECT c.document_delivery_recipients "recipients",
            c.document_delivery_mode "mode") d) "documentDelivery",
        c.purchase_order_number "purchaseOrderNumber", c.concluded_on "concludedOn"
    FROM contract c WHERE c.account_id = a.id) c
"""
_CONTRACT_PAGE = f"""
SELECT row_to_json(a) FROM (
    SELECT {_id("Account", "a.id")} id, a.name, a.customer_number "customerNumber",
        ({_MONTHLY_TOTAL})::text "monthlyTotal",
        ({_OWNER}) owner, ({_CONTRACT}) contract, ({_MODULES}) modules, ({_HISTORY}) history
    FROM account a WHERE a.id = $3) a
"""
_LISTED_MODULES = f"""
SELECT json_build_object('edges', coalesce(json_agg(row_to_json(e)), '[]')) FROM (
    SELECT row_to_json(m) node FROM (
        SELECT m.starts_on "startsOn", m.ends_on "endsOn", ({_MODULE}) module
        FROM (SELECT * FROM module_subscription m WHERE m.account_id = a.id
            ORDER BY m.starts_on, m.id LIMIT 3) m) m) e
"""


def _account_list(*, with_total: bool) -> str:
    total = f'({_MONTHLY_TOTAL})::text "monthlyTotal",' if with_total else ""
    return f"""
SELECT json_build_object('edges', coalesce(json_agg(row_to_json(e)), '[]')) FROM (
    SELECT row_to_json(a) node FROM (
        SELECT {_id("Account", "a.id")} id, a.name, a.customer_number "customerNumber", {total}
            ({_OWNER}) owner, ({_LISTED_MODULES}) modules
        FROM (SELECT * FROM account a ORDER BY a.name, a.id LIMIT $3) a) a) e
"""


_VIEWER = f"""
SELECT row_to_json(w) FROM (
    SELECT w.name, w.language, (
        SELECT json_build_object('edges', coalesce(json_agg(row_to_json(e)), '[]')) FROM (
            SELECT row_to_json(a) node FROM (
                SELECT {_id("Account", "a.id")} id, a.name, a.customer_number "customerNumber"
                FROM account a WHERE a.id = ANY ($3)
                ORDER BY a.name, a.id LIMIT 10) a) e) accounts
    FROM person w WHERE w.id = $2::text::uuid) w
"""


def _read(name: str, expression: str) -> str:
    """Give the statement in the one safe shape; $1 and $2 are the viewer's accounts and id."""
    return (
        "WITH viewer AS MATERIALIZED (SELECT set_config('portal.accounts', $1, true),"
        " set_config('portal.viewer', $2, true))"
        f" SELECT (SELECT row_to_json(d) FROM (SELECT (SELECT row_to_json(r) FROM ("
        f"SELECT ({expression}) {name}) r) AS data) d)::text FROM viewer"
    )


CONTRACT_PAGE = _read("account", _CONTRACT_PAGE)
VIEWER = _read("viewer", _VIEWER)


def account_list(*, with_total: bool) -> str:
    """Give the statement of the list; the total of a month where the schema has it."""
    return _read("accounts", _account_list(with_total=with_total))
