"""Codes of units, as invoices state them: UN/ECE Recommendation 20 (EN 16931, BT-130)."""

ONE = "C62"

UNIT_CODES = frozenset(
    {
        ONE,
        *("SEC", "MIN", "HUR", "DAY", "WEE", "MON", "QAN", "ANN"),  # Time, to a quarter and a year.
        *("H87", "PR", "SET", "IE", "E48", "LS", "P1"),  # Pieces, people, services, per cent.
        *("AD", "2P", "4L", "E34", "E35"),  # Bytes, to a terabyte.
        *("MMT", "CMT", "MTR", "KMT", "MTK", "MTQ", "LTR"),
        *("GRM", "KGM", "TNE", "KWH", "MWH"),
    }
)
