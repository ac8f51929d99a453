-- What PostGraphile cannot derive from tables: functions that it shows as fields. They exist in the
-- benchmark's own database alone.
CREATE OR REPLACE FUNCTION today_of(account_id uuid) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (now() AT TIME ZONE a.time_zone)::date FROM account a WHERE a.id = today_of.account_id
$$;
COMMENT ON FUNCTION today_of(uuid) IS '@omit';

CREATE OR REPLACE FUNCTION module_subscription_current_tariff(m module_subscription)
RETURNS tariff_period LANGUAGE sql STABLE AS $$
    SELECT p FROM tariff_period p
    WHERE p.account_id = m.account_id AND p.module_subscription_id = m.id
        AND (p.starts_on <= today_of(m.account_id) OR p.starts_on = m.starts_on)
    ORDER BY p.starts_on DESC, p.id DESC LIMIT 1
$$;

CREATE OR REPLACE FUNCTION tariff_period_price_list(p tariff_period)
RETURNS tariff_version LANGUAGE sql STABLE AS $$
    SELECT v FROM tariff_version v
    WHERE v.tariff_id = p.tariff_id AND v.published_at IS NOT NULL AND v.withdrawn_at IS NULL
        AND (v.valid_from_for_existing <= today_of(p.account_id) OR v.valid_from <= p.agreed_on)
    ORDER BY v.valid_from DESC, v.id DESC LIMIT 1
$$;

CREATE OR REPLACE FUNCTION price_list_section_listed_items(s price_list_section)
RETURNS SETOF item LANGUAGE sql STABLE AS $$
    SELECT i.* FROM item i WHERE i.price_list_section_id = s.id AND NOT i.is_additional_option
    ORDER BY i.position, i.id
$$;

CREATE OR REPLACE FUNCTION history_value_shown_field(v history_value)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE v.field WHEN 'Contract.deviatingPaymentTerms' THEN 'Contract.paymentTerms.deviating'
        ELSE v.field END
$$;

-- What each item of a module costs on a day: its quantity, special agreements and booked options.
CREATE OR REPLACE FUNCTION costs_of(m module_subscription, day date)
RETURNS TABLE (
    name text, name_translations jsonb, quantity integer, unit_price numeric, agreed_price numeric,
    discount_percent numeric, monthly_amount numeric
) LANGUAGE sql STABLE AS $$
    SELECT i.name, i.name_translations, c.quantity, i.unit_price,
        CASE WHEN num_nonnulls(g.price, g.percent) > 0 THEN c.price END, g.percent,
        round(c.quantity * c.price * CASE i.billing_mode
            WHEN 'MONTHLY' THEN 12 WHEN 'MONTHLY_IN_ADVANCE' THEN 12
            WHEN 'QUARTERLY_IN_ADVANCE' THEN 4 WHEN 'YEARLY_IN_ADVANCE' THEN 1
            END / 12.00000000000000, 2)
    FROM tariff_period p
    CROSS JOIN LATERAL (
        SELECT v.id FROM tariff_version v
        WHERE v.tariff_id = p.tariff_id AND v.published_at IS NOT NULL AND v.withdrawn_at IS NULL
            AND (v.valid_from_for_existing <= day OR v.valid_from <= p.agreed_on)
        ORDER BY v.valid_from DESC LIMIT 1) v
    JOIN price_list_section s ON s.tariff_version_id = v.id
    JOIN item i ON i.price_list_section_id = s.id
    LEFT JOIN (
        SELECT q.item_key, q.quantity FROM subscription_item_quantity q
        WHERE q.module_subscription_id = m.id AND q.starts_on <= day
            AND (q.ends_on IS NULL OR q.ends_on >= day) OFFSET 0
    ) q ON q.item_key = i.key AND NOT i.is_additional_option
    LEFT JOIN (
        SELECT o.item_key, o.quantity FROM booked_option o
        WHERE o.module_subscription_id = m.id AND o.starts_on <= day
            AND (o.ends_on IS NULL OR o.ends_on >= day) OFFSET 0
    ) o ON o.item_key = i.key AND i.is_additional_option
    LEFT JOIN (
        SELECT x.item_key, max(x.unit_price) price, max(x.discount_percent) percent
        FROM special_agreement x
        WHERE x.account_id = m.account_id AND x.module_id = m.module_id AND x.starts_on <= day
            AND (x.ends_on IS NULL OR x.ends_on >= day) AND x.item_key IS NOT NULL
        GROUP BY x.item_key
    ) x ON x.item_key = i.key
    CROSS JOIN LATERAL (
        SELECT max(y.unit_price) price, max(y.discount_percent) percent FROM special_agreement y
        WHERE y.account_id = m.account_id AND y.module_id = m.module_id AND y.starts_on <= day
            AND (y.ends_on IS NULL OR y.ends_on >= day) AND y.item_key IS NULL OFFSET 0
    ) y
    CROSS JOIN LATERAL (
        SELECT coalesce(x.price, y.price) price, coalesce(x.percent, y.percent) percent
    ) g
    CROSS JOIN LATERAL (
        SELECT coalesce(o.quantity, q.quantity, 1) quantity,
            coalesce(round(coalesce(g.price, i.unit_price) * (1 - g.percent / 100), 6),
                g.price, i.unit_price) price
    ) c
    WHERE p.account_id = m.account_id AND p.module_subscription_id = m.id AND p.starts_on <= day
        AND (p.ends_on IS NULL OR p.ends_on >= day)
        AND (NOT i.is_additional_option OR o.quantity IS NOT NULL)
    ORDER BY s.position, i.position, i.id
$$;
COMMENT ON FUNCTION costs_of(module_subscription, date) IS '@omit';

CREATE OR REPLACE FUNCTION module_subscription_costs(m module_subscription)
RETURNS TABLE (
    name text, name_translations jsonb, quantity integer, unit_price numeric, agreed_price numeric,
    discount_percent numeric, monthly_amount numeric
) LANGUAGE sql STABLE AS $$
    SELECT c.* FROM costs_of(m,
        greatest(m.starts_on, least(today_of(m.account_id), m.ends_on))) c
$$;

CREATE OR REPLACE FUNCTION account_monthly_total(a account) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT round(coalesce(sum(c.monthly_amount), 0), 2)
    FROM (SELECT (now() AT TIME ZONE a.time_zone)::date today) t
    JOIN module_subscription m ON m.account_id = a.id AND m.starts_on <= t.today
        AND (m.ends_on IS NULL OR m.ends_on >= t.today)
    CROSS JOIN LATERAL costs_of(m, t.today) c
$$;

-- Not to a role of the portal's: it does not start where one may call what is not declared.
GRANT EXECUTE ON FUNCTION
    today_of, module_subscription_current_tariff, tariff_period_price_list,
    price_list_section_listed_items, history_value_shown_field, costs_of,
    module_subscription_costs, account_monthly_total
TO bench_peer;
