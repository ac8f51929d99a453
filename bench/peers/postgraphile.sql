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

CREATE OR REPLACE FUNCTION account_monthly_total(a account) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT round(coalesce(sum(i.unit_price * CASE i.billing_mode
            WHEN 'MONTHLY' THEN 12 WHEN 'MONTHLY_IN_ADVANCE' THEN 12
            WHEN 'QUARTERLY_IN_ADVANCE' THEN 4 WHEN 'YEARLY_IN_ADVANCE' THEN 1 END) / 12, 0), 2)
    FROM (SELECT (now() AT TIME ZONE a.time_zone)::date today) t
    JOIN module_subscription m ON m.account_id = a.id AND m.starts_on <= t.today
        AND (m.ends_on IS NULL OR m.ends_on >= t.today)
    JOIN tariff_period p ON p.account_id = m.account_id AND p.module_subscription_id = m.id
        AND p.starts_on <= t.today AND (p.ends_on IS NULL OR p.ends_on >= t.today)
    JOIN price_list_section s ON s.tariff_version_id = (
        SELECT v.id FROM tariff_version v
        WHERE v.tariff_id = p.tariff_id AND v.published_at IS NOT NULL AND v.withdrawn_at IS NULL
            AND (v.valid_from_for_existing <= t.today OR v.valid_from <= p.agreed_on)
        ORDER BY v.valid_from DESC, v.id DESC LIMIT 1)
    JOIN item i ON i.price_list_section_id = s.id AND NOT i.is_additional_option
$$;
