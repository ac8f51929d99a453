"""The pages of apps: what accounts let them do, and what managers give them."""

from portal.pages.page import Place

_OF_ACCOUNT = "/accounts/{id}/apps"
_OF_THIS_ACCOUNT = "/accounts/{account}/apps"
_AUTHORIZATION = "/accounts/{account}/authorizations/{id}"
_APP = "/apps/{id}"

PAGES = {
    "apps": Place(_OF_ACCOUNT),
    "authorize": Place(f"{_OF_ACCOUNT}/authorize", back=_OF_ACCOUNT),
    "narrow": Place(f"{_AUTHORIZATION}/narrow", back=_OF_THIS_ACCOUNT),
    "revoke": Place(f"{_AUTHORIZATION}/revoke", back=_OF_THIS_ACCOUNT),
    "programs": Place("/apps"),
    "new_app": Place("/apps/new", back="/apps", then="/apps/{result[id]}"),
    "app": Place(_APP),
    "rename": Place(f"{_APP}/name", back=_APP),
    "disable": Place(f"{_APP}/disable", back=_APP),
    "new_token": Place(f"{_APP}/token", back=_APP, shows_result=True),
    "revoke_token": Place("/apps/{app}/tokens/{id}/revoke", back="/apps/{app}"),
}
