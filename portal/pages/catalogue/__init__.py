"""The pages of what the operator offers: modules, tariffs, prices, and who it is."""

from portal.pages.page import Place

_MODULE = "/catalogue/modules/{module}"
_TARIFF = f"{_MODULE}/tariffs/{{tariff}}"
_VERSION = f"{_TARIFF}/versions/{{id}}"
_JOB = f"{_TARIFF}/versions/{{id}}/jobs/{{result[id]}}"

PAGES = {
    "modules": Place("/catalogue"),
    "module": Place(_MODULE, back="/catalogue"),
    "new_module": Place(
        "/catalogue/modules/new", back="/catalogue", then="/catalogue/modules/{result[id]}"
    ),
    "edit_module": Place(f"{_MODULE}/edit", back=_MODULE),
    "retire_module": Place(f"{_MODULE}/retire", back=_MODULE),
    "tariff": Place(_TARIFF, back=_MODULE),
    "new_tariff": Place(
        f"{_MODULE}/tariffs/new", back=_MODULE, then=f"{_MODULE}/tariffs/{{result[id]}}"
    ),
    "edit_tariff": Place(f"{_TARIFF}/edit", back=_TARIFF),
    "close_tariff": Place(f"{_TARIFF}/close", back=_TARIFF),
    "version": Place(_VERSION, back=_TARIFF),
    "new_version": Place(
        f"{_TARIFF}/versions/new", back=_TARIFF, then=f"{_TARIFF}/versions/{{result[id]}}"
    ),
    "terms": Place(f"{_VERSION}/terms", back=_VERSION),
    "price_list": Place(f"{_VERSION}/prices", back=_VERSION),
    "price_list_file": Place(f"{_VERSION}/import", back=_VERSION, takes_file=True),
    "delete_draft": Place(f"{_VERSION}/delete", back=_VERSION, then=_TARIFF),
    "assess": Place(f"{_VERSION}/assess", back=_VERSION, then=_JOB),
    "publish": Place(f"{_VERSION}/publish", back=_VERSION, then=_JOB),
    "withdraw_version": Place(f"{_VERSION}/withdraw", back=_VERSION, then=_JOB),
    "job": Place(f"{_VERSION}/jobs/{{job}}", back=_VERSION),
    "operator": Place("/catalogue/operator", back="/catalogue"),
    "new_operator": Place("/catalogue/operator/new", back="/catalogue/operator", takes_file=True),
    "payment_terms": Place("/catalogue/payment-terms", back="/catalogue"),
    "new_payment_terms": Place("/catalogue/payment-terms/new", back="/catalogue/payment-terms"),
    "documents": Place("/catalogue/documents", back="/catalogue"),
    "new_document": Place("/catalogue/documents/new", back="/catalogue/documents", takes_file=True),
    "withdraw_operator": Place("/catalogue/operator/{id}/withdraw", back="/catalogue/operator"),
    "withdraw_payment_terms": Place(
        "/catalogue/payment-terms/{id}/withdraw", back="/catalogue/payment-terms"
    ),
    "withdraw_document": Place("/catalogue/documents/{id}/withdraw", back="/catalogue/documents"),
}
