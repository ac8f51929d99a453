"""Triggers: what is announced, kept and refused whoever writes."""

from portal.database.objects.function import Trigger

# By which changes a token may come to stand for something else.
LOGIN_CHANGES = {
    "app": "DELETE OR UPDATE OF name, disabled_at",
    "app_authorization": "INSERT OR DELETE OR UPDATE OF scopes, expires_at, revoked_at",
    "clock": "INSERT OR DELETE OR UPDATE",
    "credential": "DELETE OR UPDATE",
    "member": "INSERT OR DELETE OR UPDATE",
    "permission_profile": "DELETE OR UPDATE",
    "person": "DELETE OR UPDATE OF name, language",
    "staff": "INSERT OR DELETE OR UPDATE",
}
_HISTORY = ("history_entry", "history_note", "history_value", "operator_history")
_DOCUMENT = ("document", "document_line", "document_vat")
_NAMES = {"account": "name, customer_number", "person": "name, email"}

TRIGGERS = (
    *(
        Trigger("announce_login_change", table, "AFTER", changes, "announce_login_change")
        for table, changes in LOGIN_CHANGES.items()
    ),
    # Nobody empties the history, its owner included.
    *(
        Trigger("refuse_truncate", table, "BEFORE", "TRUNCATE", "refuse_truncate")
        for table in _HISTORY
    ),
    Trigger(
        "refuse_published",
        "tariff_version",
        "BEFORE",
        "DELETE OR UPDATE",
        "refuse_published_version",
        "ROW",
    ),
    Trigger(
        "mark_published",
        "tariff_version",
        "AFTER",
        "INSERT OR UPDATE OF published_at",
        "mark_first_published",
        "ROW",
    ),
    *(
        Trigger(
            "refuse_published",
            table,
            "BEFORE",
            "INSERT OR DELETE OR UPDATE",
            "refuse_published_price",
            "ROW",
        )
        for table in ("price_list_section", "item")
    ),
    *(
        Trigger("keep_keys", table, "BEFORE", f"UPDATE OF {names}", f"keep_keys_of_{table}", "ROW")
        for table, names in _NAMES.items()
    ),
    *(
        trigger
        for table in _DOCUMENT
        for trigger in (
            Trigger("issue", table, "BEFORE", "INSERT", "name_issuing_transaction", "ROW"),
            Trigger("stay", table, "BEFORE", "DELETE OR UPDATE", "refuse_document_change", "ROW"),
            Trigger("stay_all", table, "BEFORE", "TRUNCATE", "refuse_document_change"),
        )
    ),
    *(
        trigger
        for table in ("contract_copy", "document_file")
        for trigger in (
            Trigger("stay", table, "BEFORE", "DELETE OR UPDATE", "refuse_document_change", "ROW"),
            Trigger("stay_all", table, "BEFORE", "TRUNCATE", "refuse_document_change"),
        )
    ),
    Trigger("add_up", "document", "AFTER", "INSERT", "check_document", "ROW", waits=True),
    Trigger("rise", "number_series", "BEFORE", "UPDATE", "keep_numbers_rising", "ROW"),
    Trigger("stay", "number_series", "BEFORE", "DELETE", "refuse_document_change", "ROW"),
)
