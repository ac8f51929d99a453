"""The pages of people: who they are, and how they come in."""

from portal.pages.page import Place

_ACCOUNT = "/accounts/{id}"
_MEMBERS = "/accounts/{id}/members"

PAGES = {
    "login": Place("/login", is_open=True),
    "members": Place(_MEMBERS),
    "invite": Place(f"{_MEMBERS}/invite", back=_MEMBERS),
    "member_role": Place(f"{_MEMBERS}/{{member}}/role", back=_MEMBERS),
    "remove_member": Place(f"{_MEMBERS}/{{member}}/remove", back=_MEMBERS),
    "revoke_invitation": Place("/accounts/{id}/invitations/{invitation}/revoke", back=_MEMBERS),
    "owner": Place("/accounts/{id}/owner", back=_MEMBERS),
    "ask": Place("/accounts/{id}/ask/{kind}", back=_ACCOUNT),
    "delete_account": Place("/accounts/{id}/delete", back=_ACCOUNT, then="/"),
    "calendar": Place("/accounts/{id}/calendar", back=_ACCOUNT, shows_result=True),
    "calendar_end": Place("/accounts/{id}/calendar/end", back=_ACCOUNT),
}
