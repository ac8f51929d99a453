"""Mails: each one in each language, with the values that it documents and no other."""

from dataclasses import fields, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment, FileSystemLoader
from jinja2.meta import find_undeclared_variables

from portal.language.phrase import Money
from portal.mail.billing.content import DocumentIssued
from portal.mail.catalogue.content import OfferExpired
from portal.mail.content import Content
from portal.mail.contract.content import (
    AgreementChange,
    ChangedDocument,
    DocumentsChanged,
    DocumentsWithdrawn,
    OrderConfirmation,
    OrderWithdrawn,
    SpecialAgreementChanged,
)
from portal.mail.modules.content import (
    AnnouncedPrice,
    CancellationConfirmation,
    CancellationWithdrawn,
    DeadlineReminder,
    EndingItem,
    ModuleBegun,
    ModuleEnded,
    OptionChange,
    OptionChanged,
    PriceChangeAnnounced,
    PriceChangeWithdrawn,
    QuantityChanged,
    TariffBegun,
    TariffChangeConfirmation,
    TariffChangeWithdrawn,
)
from portal.mail.partner.content import AppAuthorized, AppRevoked
from portal.mail.people.content import (
    AccountDeleted,
    AccountMade,
    AlreadyRegistered,
    EmailConfirmation,
    ErasureAnnounced,
    Invitation,
    InvitationExpired,
    MemberRemoved,
    PasswordChanged,
    PasswordResetCode,
    ProfileDeleted,
    RegistrationCode,
    RequestAccepted,
    RequestDeclined,
    RequestExpired,
    RequestReceived,
)
from portal.mail.rendering import FOLDERS, TEMPLATES, render
from portal.models.message import MessageKind
from portal.rules.catalogue.terms import Term, TermUnit
from portal.rules.modules.cost_reason import agreement_sentence
from portal.rules.modules.reason import length
from portal.rules.modules.special_agreement import AgreementKind
from portal.viewer import Language, MemberRole, Scope

NASTY = "<b>&\"'{{ 1 }}\r\nBcc: all@example.org"
UNTIL = date(2026, 3, 1)
CODE = "4711-0815"
TERMS = {
    "monthly": Money(Decimal("1234.50")),
    "coming": (AnnouncedPrice(UNTIL, Money(Decimal("1334.50"))),),
    "initial_term": length(Term(12, TermUnit.MONTHS)),
    "notice_period": length(Term(1, TermUnit.MONTHS)),
    "earliest_end": UNTIL,
}
WITHDRAWN = {
    "name": NASTY,
    "account": NASTY,
    "module": NASTY,
    "received_at": datetime(2026, 1, 2, 23, 59, tzinfo=ZoneInfo("Europe/Amsterdam")),
}

CONTENTS = [
    RegistrationCode(code=CODE, minutes=30),
    AlreadyRegistered(name=NASTY),
    EmailConfirmation(name=NASTY, code=CODE, minutes=30),
    PasswordResetCode(name=NASTY, code=CODE, minutes=30),
    PasswordChanged(name=NASTY),
    Invitation(inviter=NASTY, account=NASTY, role=MemberRole.ADMIN, code=CODE, until=UNTIL),
    MemberRemoved(name=NASTY, account=NASTY),
    RequestReceived(name=NASTY, account=NASTY, topic=NASTY, until=UNTIL),
    RequestAccepted(name=NASTY, account=NASTY, topic=NASTY),
    RequestDeclined(name=NASTY, account=NASTY, topic=NASTY, reason=NASTY),
    AppAuthorized(name=NASTY, account=NASTY, app=NASTY, scopes=[*Scope], until=UNTIL),
    AppRevoked(name=NASTY, account=NASTY, app=NASTY),
    AccountDeleted(name=NASTY, account=NASTY, retained_until=UNTIL),
    ProfileDeleted(name=NASTY),
    ErasureAnnounced(name=NASTY, on=UNTIL),
    CancellationConfirmation(
        name=NASTY,
        account=NASTY,
        module=NASTY,
        by_operator=False,
        received_at=datetime(2026, 1, 2, 23, 59, tzinfo=ZoneInfo("Europe/Amsterdam")),
        letter_of=None,
        last_day=UNTIL,
    ),
    OrderConfirmation(
        name=NASTY,
        account=NASTY,
        module=NASTY,
        tariff=NASTY,
        received_at=datetime(2026, 1, 2, 23, 59, tzinfo=ZoneInfo("Europe/Amsterdam")),
        first_day=UNTIL,
        last_day=UNTIL,
        has_copy=True,
        **TERMS,
    ),
    TariffChangeConfirmation(
        name=NASTY,
        account=NASTY,
        module=NASTY,
        tariff=NASTY,
        by_operator=False,
        received_at=datetime(2026, 1, 2, 23, 59, tzinfo=ZoneInfo("Europe/Amsterdam")),
        letter_of=None,
        starts_on=UNTIL,
        **TERMS,
    ),
    CancellationWithdrawn(**WITHDRAWN, by_operator=False, last_day=UNTIL),
    OrderWithdrawn(**WITHDRAWN, first_day=UNTIL),
    TariffChangeWithdrawn(**WITHDRAWN, tariff=NASTY, by_operator=True, starts_on=UNTIL),
    DeadlineReminder(
        name=NASTY,
        account=NASTY,
        module=NASTY,
        deadline=UNTIL,
        last_day=UNTIL,
        next_last_day=UNTIL,
    ),
    ModuleBegun(name=NASTY, account=NASTY, module=NASTY, first_day=UNTIL),
    TariffBegun(name=NASTY, account=NASTY, module=NASTY, tariff=NASTY, first_day=UNTIL),
    ModuleEnded(name=NASTY, account=NASTY, module=NASTY, last_day=UNTIL),
    RequestExpired(name=NASTY, account=NASTY, topic=NASTY, until=UNTIL),
    InvitationExpired(name=NASTY, account=NASTY, invited=NASTY, until=UNTIL),
    OfferExpired(name=NASTY, module=NASTY, tariff=NASTY, offer_number=NASTY, uses=3, until=UNTIL),
    PriceChangeAnnounced(
        name=NASTY,
        account=NASTY,
        module=NASTY,
        tariff=NASTY,
        starts_on=UNTIL,
        monthly_before=Money(Decimal("1234.50")),
        monthly_after=Money(Decimal("1334.50")),
        by_use=True,
        ends=(EndingItem(NASTY, 3, UNTIL), EndingItem(NASTY, None, UNTIL)),
        cancel_until=UNTIL,
    ),
    PriceChangeWithdrawn(
        name=NASTY,
        account=NASTY,
        module=NASTY,
        tariff=NASTY,
        starts_on=UNTIL,
        last_day=UNTIL,
    ),
    DocumentsChanged(
        name=NASTY,
        account=NASTY,
        documents=(
            ChangedDocument(NASTY, NASTY, UNTIL, asks_agreement=True),
            ChangedDocument(NASTY, NASTY, UNTIL, asks_agreement=False),
        ),
    ),
    AccountMade(name=NASTY, account=NASTY),
    OptionChanged(
        **WITHDRAWN,
        item=NASTY,
        change=OptionChange.ENDED,
        quantity=3,
        first_day=UNTIL,
        last_day=UNTIL,
        monthly=Money(Decimal("1234.50")),
        monthly_from=UNTIL,
    ),
    SpecialAgreementChanged(
        **WITHDRAWN,
        item=NASTY,
        change=AgreementChange.MADE,
        terms=agreement_sentence(AgreementKind.UNIT_PRICE, UNTIL, Decimal("1234.50")),
        last_day=UNTIL,
        comment=NASTY,
    ),
    QuantityChanged(
        **WITHDRAWN,
        item=NASTY,
        by_operator=True,
        letter_of=UNTIL,
        quantity=3,
        first_day=UNTIL,
        monthly=Money(Decimal("1234.50")),
    ),
    DocumentsWithdrawn(
        name=NASTY,
        account=NASTY,
        documents=(ChangedDocument(NASTY, NASTY, UNTIL, asks_agreement=True),),
    ),
    DocumentIssued(
        number=NASTY,
        issued_on=UNTIL,
        due_on=UNTIL,
        gross=Money(Decimal("1234.50")),
        is_test=True,
        is_attached=False,
        link="https://portal.operator.example/accounts/x/invoices/y",
    ),
]
DAYS = {Language.NL: "1 maart 2026", Language.EN: "1 March 2026", Language.DE: "1. März 2026"}

each_kind = pytest.mark.parametrize("mail", CONTENTS, ids=lambda mail: mail.kind)
each_language = pytest.mark.parametrize("language", Language)


def test_each_kind_has_its_values():
    assert [mail.kind for mail in CONTENTS] == [*MessageKind]


def texts() -> list[Path]:
    """Give the templates of all areas."""
    return [path for folder in FOLDERS for path in folder.glob("*.txt")]


def test_there_is_no_template_too_many():
    names = {"layout.html", *(f"footer.{language.lower()}.txt" for language in Language)} | {
        f"{kind.lower()}.{language.lower()}.txt" for kind in MessageKind for language in Language
    }
    found = [path.name for path in (*TEMPLATES.iterdir(), *texts())]
    assert sorted(found) == sorted(names)


@each_language
@each_kind
def test_a_template_uses_exactly_its_values(mail: Content, language: Language):
    environment = Environment(loader=FileSystemLoader(TEMPLATES))  # noqa: S701 (only parsed)
    environment.filters |= dict.fromkeys(("code", "day", "moment", "point", "quoted", "said"), str)
    name = f"{mail.kind.lower()}.{language.lower()}.txt"
    (source,) = (path.read_text("utf-8") for path in texts() if path.name == name)
    used = find_undeclared_variables(environment.parse(source))
    assert used == {field.name for field in fields(mail)}


@each_language
@each_kind
def test_values_stay_values(mail: Content, language: Language):
    rendered = render(mail, language)
    assert "\n" not in rendered.subject
    assert CODE not in rendered.subject
    assert len(rendered.subject) <= 200
    assert "<b>" not in rendered.html
    assert "{{" not in rendered.html.replace("{{ 1 }}", "")
    values = {field.name: getattr(mail, field.name) for field in fields(mail)}
    carried = NASTY in values.values() and not mail.goes_to_strangers
    assert ("&lt;b&gt;&amp;" in rendered.html) is carried
    assert (CODE in rendered.text, CODE in rendered.html) == ("code" in values,) * 2
    if UNTIL in values.values():
        assert DAYS[language] in rendered.text
        assert DAYS[language] in rendered.html


@each_language
def test_a_subject_is_never_longer_than_a_header_can_be(language: Language):
    rendered = render(MemberRemoved(name="", account="x" * 1000), language)
    assert len(rendered.subject) == 200


LINKS = (
    *("Win € 100 at https://evil.example/x", "www.evil", "evil.example/win", "evil.shop", "a.b.co"),
    *(
        "mailto:win",
        "TEL:0900",
        "win@evil",
        "1.2.3.4",
        "evil\uff0eshop",
        "evil\u3002shop",
        "//x://y",
    ),
)
NAMES = (
    "Bakker & Zn. B.V.",
    "J. de Vries",
    "Café 1.5",
    "Vis. En meer",
    "A/B: c",
    "d'Écluse @ Sluis",
)


@each_language
def test_strangers_get_no_links_of_others(language: Language):
    to_strangers = [mail for mail in CONTENTS if mail.goes_to_strangers]
    assert to_strangers
    for mail in to_strangers:
        others = [field.name for field in fields(mail) if getattr(mail, field.name) == NASTY]
        for link in LINKS:
            rendered = render(replace(mail, **dict.fromkeys(others, link)), language)
            shown = rendered.subject + rendered.text
            assert link not in shown + rendered.html, mail.kind
            assert "None" not in shown, (mail.kind, link)


@pytest.mark.parametrize("name", NAMES)
def test_strangers_get_names_that_are_no_links(name: str):
    (mail,) = (mail for mail in CONTENTS if mail.kind == "INVITATION")
    rendered = render(replace(mail, inviter=name, account=name), Language.EN)
    assert rendered.subject == f"Invitation to {name}"
    assert f"{name} invites you to the account {name}, as" in rendered.text


def test_a_mail_in_full():
    rendered = render(
        Invitation(
            inviter="Elsje <b>",
            account="Bakker & Zn",
            role=MemberRole.BILLING,
            code=CODE,
            until=UNTIL,
        ),
        Language.NL,
    )
    assert rendered.subject == "Uitnodiging voor Bakker & Zn"
    assert rendered.text == (
        "Goedendag,\n\n"
        "Elsje <b> nodigt u uit voor het account Bakker & Zn, als\nfacturatie.\n"
        "Neem de uitnodiging aan met dit e-mailadres en deze code:\n\n"
        "    4711-0815\n\n"
        "De uitnodiging geldt tot en met 1 maart 2026. Kent u Elsje <b> niet, dan hoeft u niets te"
        " doen.\n\n"
        "-- \n"
        "Dit bericht is automatisch verstuurd; een antwoord erop wordt niet gelezen.\n"
    )
    assert '<html lang="nl">' in rendered.html
    assert "<title>Uitnodiging voor Bakker &amp; Zn</title>" in rendered.html
    assert "Elsje &lt;b&gt; nodigt u uit" in rendered.html
    assert '<p><strong style="font-size: 20px">4711-0815</strong></p>' in rendered.html


def test_a_reason_of_several_lines_is_quoted():
    rendered = render(
        RequestDeclined(
            name="Elsje", account="Bakker", topic="payment terms", reason="Too late.\n\n<i>Sorry"
        ),
        Language.EN,
    )
    assert "> Too late.\n> \n> <i>Sorry\n\nNothing has changed." in rendered.text
    assert "<blockquote>Too late.<br><br>&lt;i&gt;Sorry</blockquote>" in rendered.html


def test_scopes_are_a_list():
    rendered = render(
        AppAuthorized(
            name="Elsje",
            account="Bakker",
            app="Boeken",
            scopes=[Scope.ACCOUNT_READ, Scope.FINANCIALS],
            until=UNTIL,
        ),
        Language.DE,
    )
    assert "Konto Bakker:\n\n- das Konto lesen\n- Finanzdaten lesen\n\nWenn" in rendered.text
    assert "&bull; das Konto lesen<br>\n&bull; Finanzdaten lesen<br>" in rendered.html


def test_a_notice_is_confirmed_to_the_minute_in_its_own_zone():
    (confirmation,) = (mail for mail in CONTENTS if mail.kind == "CANCELLATION_CONFIRMATION")
    rendered = render(confirmation, Language.DE)
    assert "Eingegangen: 2. Januar 2026, 23:59 MEZ\n" in rendered.text


def test_nothing_is_said_of_documents_when_none_stay():
    mail = AccountDeleted(name="Elsje", account="Bakker", retained_until=None)
    assert "Documents" not in render(mail, Language.EN).text


def test_an_order_is_confirmed_with_a_last_day_where_one_is_known():
    (confirmation,) = (mail for mail in CONTENTS if mail.kind == "ORDER_CONFIRMATION")
    assert "Received: 2 January 2026, 23:59" in render(confirmation, Language.EN).text
    assert "Last day: 1 March 2026\n" in render(confirmation, Language.EN).text
    endless = render(replace(confirmation, last_day=None), Language.EN)
    assert "First day: 1 March 2026\n" in endless.text
    assert "Last day" not in endless.text


def test_a_letter_is_confirmed_with_its_day_and_the_operators_own_notice_as_such():
    (confirmation,) = (mail for mail in CONTENTS if mail.kind == "CANCELLATION_CONFIRMATION")
    letter = render(replace(confirmation, letter_of=date(2025, 12, 24)), Language.EN)
    assert "Received: 24 December 2025\n" in letter.text
    operator = render(replace(confirmation, module="Desk", by_operator=True), Language.EN)
    assert operator.subject == "Cancellation: Desk"
    assert "We cancel Desk for the account" in operator.text
    assert "Cancelled: 2 January 2026, 23:59" in operator.text


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            Language.NL,
            (
                "Prijs per maand, zonder btw: € 1.234,50\n\n"
                "Prijs per maand vanaf 1 maart 2026, zonder btw: € 1.334,50\n\n"
                "Eerste looptijd: 12 maanden\n\n"
                "Opzegtermijn: 1 maand\n\nEerst mogelijke laatste dag: 1 maart 2026\n"
            ),
        ),
        (
            Language.EN,
            (
                "Price each month, without VAT: €1,234.50\n\n"
                "Price each month from 1 March 2026 on, without VAT: €1,334.50\n\n"
                "Initial term: 12 months\n\n"
                "Notice period: 1 month\n\nFirst possible last day: 1 March 2026\n"
            ),
        ),
        (
            Language.DE,
            (
                "Preis im Monat, ohne Umsatzsteuer: 1.234,50 €\n\n"
                "Preis im Monat ab dem 1. März 2026, ohne Umsatzsteuer: 1.334,50 €\n\n"
                "Es gilt eine Mindestlaufzeit von 12 Monaten.\n\n"
                "Es gilt eine Kündigungsfrist von 1 Monat.\n\n"
                "Frühestmöglicher letzter Tag: 1. März 2026\n"
            ),
        ),
    ],
)
@pytest.mark.parametrize("kind", ["ORDER_CONFIRMATION", "TARIFF_CHANGE_CONFIRMATION"])
def test_an_order_and_a_change_name_price_and_terms(kind, language, told):
    (confirmation,) = (mail for mail in CONTENTS if mail.kind == kind)
    text = render(confirmation, language).text.replace("\N{NO-BREAK SPACE}", " ")
    assert told in text


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        (Language.NL, "Een account voor u"),
        (Language.DE, "Ein Konto für Sie"),
        (Language.EN, "An account for you"),
    ],
)
def test_an_account_whose_name_is_no_name_for_a_mail_is_one_without(language, subject):
    made = render(AccountMade(name="www.a.example", account="www.b.example"), language)
    assert made.subject == subject
    named = render(AccountMade(name="A", account="Zagerij"), language)
    assert named.subject == f"{subject}: Zagerij"
