"""The pages of the modules of an account."""

from portal.pages.page import Place

_ACCOUNT = "/accounts/{account}"
_MODULE = "/accounts/{account}/modules/{id}"
PAGES = {
    "module": Place(_MODULE, back=_ACCOUNT),
    "tariff": Place(f"{_MODULE}/tariff", back=_MODULE),
    "tariff_end": Place(f"{_MODULE}/tariff/withdraw", back=_MODULE),
    "notice_end": Place(f"{_MODULE}/notice/withdraw", back=_MODULE),
    "order_end": Place(f"{_MODULE}/order/withdraw", back=_MODULE, then=_ACCOUNT),
    "quantity": Place(f"{_MODULE}/quantity", back=_MODULE),
    "option": Place(f"{_MODULE}/option", back=_MODULE),
    "option_end": Place("/accounts/{account}/options/{id}/end", back=_ACCOUNT),
    "option_withdraw": Place("/accounts/{account}/options/{id}/withdraw", back=_ACCOUNT),
    "option_resume": Place("/accounts/{account}/options/{id}/resume", back=_ACCOUNT),
    "agreement": Place(f"{_MODULE}/agreement", back=_MODULE),
    "agreement_end": Place("/accounts/{account}/agreements/{id}/end", back=_ACCOUNT),
    "agreement_withdraw": Place("/accounts/{account}/agreements/{id}/withdraw", back=_ACCOUNT),
    "order": Place("/accounts/{id}/order", back="/accounts/{id}"),
    "order_module": Place(
        "/accounts/{account}/order/{module}",
        back="/accounts/{account}/order",
        then="/accounts/{account}",
    ),
    "data": Place("/accounts/{account}/modules/{id}/data", back="/accounts/{account}"),
    "notice": Place("/accounts/{account}/modules/{id}/notice", back="/accounts/{account}"),
}
