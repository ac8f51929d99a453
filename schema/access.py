"""The rows of the access table that many fields share."""

from permissions.fields import allowed
from portal.viewer import MemberRole, Role, Scope

CUSTOMER, EMPLOYEE, MANAGER, PARTNER = (
    Role.CUSTOMER,
    Role.EMPLOYEE,
    Role.MANAGER,
    Role.PARTNER,
)

# Whoever has no login yet, or none at hand; and every person with one.
NOBODY = allowed(Role.ANONYMOUS)
PEOPLE = allowed(CUSTOMER, EMPLOYEE, MANAGER)

# Everybody with a login: what a shared row says to each of them.
LOGGED_IN = allowed(CUSTOMER, EMPLOYEE, MANAGER, PARTNER)
STAFF = allowed(EMPLOYEE, MANAGER)
MANAGERS = allowed(MANAGER)

# Reading an account and its contract, with and without partner programs.
READERS = allowed(CUSTOMER, EMPLOYEE, MANAGER, PARTNER, scope=Scope.ACCOUNT_READ)
PARTIES = allowed(CUSTOMER, EMPLOYEE, MANAGER, scope=Scope.ACCOUNT_READ)
STAFF_READERS = allowed(EMPLOYEE, MANAGER, scope=Scope.ACCOUNT_READ)
HISTORY_READERS = allowed(CUSTOMER, EMPLOYEE, MANAGER, scope=Scope.HISTORY)
STAFF_HISTORY_READERS = allowed(EMPLOYEE, MANAGER, scope=Scope.HISTORY)

# Changing a contract: what either side may set, and what needs a right of its own.
EITHER_SIDE = allowed(CUSTOMER, EMPLOYEE, MANAGER)
CONTRACT_EDITORS = allowed(CUSTOMER, EMPLOYEE, MANAGER, scope=Scope.CONTRACT_EDIT)
NUMBER_EDITORS = allowed(EMPLOYEE, MANAGER, scope=Scope.CUSTOMER_NUMBER)
REQUESTERS = allowed(CUSTOMER, scope=Scope.CONTRACT_EDIT)
DATE_REQUESTERS = allowed(CUSTOMER, scope=Scope.ORDER)
CONSENT_GIVERS = allowed(
    CUSTOMER,
    scope=Scope.ACCOUNT_READ,
    member_roles=(MemberRole.OWNER, MemberRole.ADMIN),
)

# Ordering modules, and looking after what was ordered.
ORDERERS = allowed(CUSTOMER, EMPLOYEE, MANAGER, scope=Scope.ORDER)

# Who is a member: an account's own matter, and that of staff with the right to help.
MEMBER_EDITORS = allowed(CUSTOMER, EMPLOYEE, MANAGER, scope=Scope.MEMBERS)
OWNERS = allowed(CUSTOMER, MANAGER, scope=Scope.MEMBERS, member_roles=(MemberRole.OWNER,))
CUSTOMERS = allowed(CUSTOMER)
# What is the owner's alone, and that of nobody who helps.
OWNER_ALONE = allowed(CUSTOMER, member_roles=(MemberRole.OWNER,))

# Letting an app act in an account.
APP_AUTHORIZERS = allowed(CUSTOMER, MANAGER, member_roles=(MemberRole.OWNER,))

# What was billed.
FINANCIAL_READERS = allowed(CUSTOMER, EMPLOYEE, MANAGER, PARTNER, scope=Scope.FINANCIALS)
INVOICERS = allowed(EMPLOYEE, MANAGER, scope=Scope.INVOICING)
RESENDERS = allowed(CUSTOMER, EMPLOYEE, MANAGER, scope=Scope.FINANCIALS)
STAFF_FINANCIAL_READERS = allowed(EMPLOYEE, MANAGER, scope=Scope.FINANCIALS)

# The bank account for refunds.
_PAYERS = (MemberRole.OWNER, MemberRole.BILLING)
IBAN_READERS = allowed(CUSTOMER, EMPLOYEE, MANAGER, scope=Scope.FINANCIALS, member_roles=_PAYERS)
IBAN_EDITORS = allowed(CUSTOMER, MANAGER, scope=Scope.FINANCIALS, member_roles=_PAYERS)
