"""What people call the values of enums that sentences speak of."""

from portal.errors import translatable

VALUES = {
    "Role.ANONYMOUS": translatable("whoever has not logged in"),
    "Role.CUSTOMER": translatable("customers"),
    "Role.EMPLOYEE": translatable("employees"),
    "Role.MANAGER": translatable("managers"),
    "Role.PARTNER": translatable("apps"),
    "MemberRole.OWNER": translatable("owner"),
    "MemberRole.ADMIN": translatable("administrator"),
    "MemberRole.BILLING": translatable("billing"),
    "MemberRole.READER": translatable("reader"),
    "Scope.ACCOUNT_READ": translatable("read the account"),
    "Scope.CONTRACT_EDIT": translatable("change the contract"),
    "Scope.CUSTOMER_NUMBER": translatable("change the customer number"),
    "Scope.ORDER": translatable("order and cancel"),
    "Scope.MEMBERS": translatable("manage members"),
    "Scope.FILES_READ": translatable("read files"),
    "Scope.FILES_EDIT": translatable("change files"),
    "Scope.FINANCIALS": translatable("read financial figures"),
    "Scope.HISTORY": translatable("read the history"),
    "Party.CUSTOMER": translatable("the customer"),
    "Party.OPERATOR": translatable("the operator"),
    "VatTreatment.STANDARD": translatable("VAT as usual"),
    "VatTreatment.REVERSE_CHARGE": translatable("reverse charge"),
    "VatTreatment.NOT_TAXABLE": translatable("not taxable"),
    "RequestStatus.OPEN": translatable("open"),
    "RequestStatus.ACCEPTED": translatable("accepted"),
    "RequestStatus.DECLINED": translatable("declined"),
    "RequestStatus.WITHDRAWN": translatable("withdrawn"),
    "RequestStatus.EXPIRED": translatable("expired"),
}
