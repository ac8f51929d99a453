"""What the items of a module cost, as one would write it by hand."""


def costs(day: str) -> str:
    """Give what stands after FROM for the cost lines of module ``m`` on a day, as ``c``."""

    def held(row: str) -> str:
        return f"{row}.starts_on <= {day} AND ({row}.ends_on IS NULL OR {row}.ends_on >= {day})"

    def counted(table: str) -> str:
        # What PostgreSQL reads once, and does not look for behind each item.
        return (
            f"(SELECT n.item_key, n.quantity FROM {table} n"
            f" WHERE n.module_subscription_id = m.id AND {held('n')} OFFSET 0)"
        )

    agreed = f"""
SELECT max(n.unit_price) price, max(n.discount_percent) percent FROM special_agreement n
WHERE n.account_id = m.account_id AND n.module_id = m.module_id AND {held("n")}
    AND n.item_key IS {{about}}
"""
    of_item = agreed.format(about="NOT NULL").replace("SELECT", "SELECT n.item_key,", 1)
    return f"""
tariff_period p
CROSS JOIN LATERAL (
    SELECT v.id FROM tariff_version v
    WHERE v.tariff_id = p.tariff_id AND v.published_at IS NOT NULL AND v.withdrawn_at IS NULL
        AND (v.valid_from_for_existing <= {day} OR v.valid_from <= p.agreed_on)
    ORDER BY v.valid_from DESC, v.id DESC LIMIT 1) v
JOIN price_list_section s ON s.tariff_version_id = v.id
JOIN item i ON i.price_list_section_id = s.id
LEFT JOIN {counted("subscription_item_quantity")} q
    ON q.item_key = i.key AND NOT i.is_additional_option
LEFT JOIN {counted("booked_option")} o ON o.item_key = i.key AND i.is_additional_option
LEFT JOIN ({of_item} GROUP BY n.item_key) x ON x.item_key = i.key
CROSS JOIN LATERAL ({agreed.format(about="NULL")} OFFSET 0) y
CROSS JOIN LATERAL (
    SELECT coalesce(x.price, y.price) price, coalesce(x.percent, y.percent) percent) g
CROSS JOIN LATERAL (
    SELECT coalesce(o.quantity, q.quantity, 1) quantity,
        coalesce(round(coalesce(g.price, i.unit_price) * (1 - g.percent / 100), 6), g.price,
            i.unit_price) price) n
CROSS JOIN LATERAL (
    SELECT round(n.quantity * n.price * CASE i.billing_mode
        WHEN 'MONTHLY' THEN 12 WHEN 'MONTHLY_IN_ADVANCE' THEN 12
        WHEN 'QUARTERLY_IN_ADVANCE' THEN 4 WHEN 'YEARLY_IN_ADVANCE' THEN 1
        END / 12.00000000000000, 2) monthly) c
WHERE p.account_id = m.account_id AND p.module_subscription_id = m.id AND {held("p")}
    AND (NOT i.is_additional_option OR o.quantity IS NOT NULL)
"""
