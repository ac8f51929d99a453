"""The pages of people: who they are, and how they come in."""

from portal.pages.page import Place

_ACCOUNT = "/accounts/{id}"
_REQUESTS = "/accounts/{account}/requests"
_MEMBERS = f"{_ACCOUNT}/members"

PAGES = {
    "confirm": Place("/confirm/{id}", back="/login", is_open=True),
    "delete_profile": Place("/me/delete", back="/me", then="/login"),
    "invitation": Place("/invitation", then="/accounts/{result[accountId]}"),
    "login": Place("/login", is_open=True),
    "members": Place(_MEMBERS),
    "invite": Place(f"{_MEMBERS}/invite", back=_MEMBERS),
    "member_role": Place(f"{_MEMBERS}/{{member}}/role", back=_MEMBERS),
    "leave": Place(f"{_MEMBERS}/{{member}}/leave", back=_MEMBERS, then="/"),
    "remove_member": Place(f"{_MEMBERS}/{{member}}/remove", back=_MEMBERS),
    "revoke_invitation": Place("/accounts/{id}/invitations/{invitation}/revoke", back=_MEMBERS),
    "account_requests": Place(f"{_ACCOUNT}/requests"),
    "withdraw_request": Place(f"{_REQUESTS}/{{id}}/withdraw", back=_REQUESTS),
    "requests": Place("/requests"),
    "accept_request": Place("/requests/{id}/accept", back="/requests"),
    "decline_request": Place("/requests/{id}/decline", back="/requests"),
    "history": Place("/accounts/{id}/history"),
    "messages": Place("/accounts/{id}/messages"),
    "new_account": Place("/accounts/new", then="/accounts/{result[id]}"),
    "staff": Place("/staff"),
    "add_staff": Place("/staff/new", back="/staff"),
    "assign_profile": Place("/staff/{id}/profile", back="/staff"),
    "deactivate_staff": Place("/staff/{id}/deactivate", back="/staff"),
    "staff_history": Place("/staff/history"),
    "profiles": Place("/profiles"),
    "new_profile": Place("/profiles/new", back="/profiles"),
    "permission_profile": Place("/profiles/{id}", back="/profiles"),
    "operator_history": Place("/history"),
    "owner": Place("/accounts/{id}/owner", back=_MEMBERS),
    "ask": Place("/accounts/{id}/ask/{kind}", back=_ACCOUNT),
    "delete_account": Place("/accounts/{id}/delete", back=_ACCOUNT, then="/"),
    "calendar": Place("/accounts/{id}/calendar", back=_ACCOUNT, shows_result=True),
    "calendar_end": Place("/accounts/{id}/calendar/end", back=_ACCOUNT),
    "logout_everywhere": Place("/me/logout", back="/me", then="/login"),
    "me": Place("/me"),
    "new_password": Place("/reset/{id}", back="/login", is_open=True),
    "password": Place("/me/password", back="/me"),
    "profile": Place("/me/profile", back="/me"),
    "register": Place("/register", back="/login", then="/confirm/{result[id]}", is_open=True),
    "reset": Place("/reset", back="/login", then="/reset/{result[id]}", is_open=True),
    "session": Place("/me/sessions/{id}", back="/me"),
}
