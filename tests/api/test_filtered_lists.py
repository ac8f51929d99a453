"""Lists inside types: what is filtered, searched and ordered, in both lanes, and by whom."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta

import pytest

from portal.clock import now
from portal.language.global_id import encode
from portal.models.message import MessageKind
from portal.rules.people.request import RequestKind, RequestStatus
from portal.viewer import MemberRole, Role, Scope
from tests import factories

TODAY = now().date()


def day(days):
    return TODAY + timedelta(days=days)


def instant(days):
    return datetime(2024, 5, 1, 12, tzinfo=UTC) + timedelta(days=days)


class Filled:
    """An account whose lists have rows that differ, each with a name to find it again."""

    def __init__(self):
        self.names = {}
        self.owner = factories.person(name="Åsa Øster", email=f"{factories.word()}@one.example")
        self.account, self.owning = factories.account(self.owner)
        self.rows = [self.owner, self.account]
        self.member("owner", self.owning)
        self.token, credential = factories.credential(Role.CUSTOMER, self.owner)
        self.rows.append(credential)
        self.modules()
        self.people()
        self.entries()
        self.messages()
        self.requests()
        self.others()

    @property
    def id(self):
        return encode("Account", self.account.id)

    def add(self, name, row):
        self.rows.append(row)
        self.names[encode(type(row).__name__, row.id)] = name
        return row

    def member(self, name, row):
        return self.add(name, row)

    def modules(self):
        self.phone, self.fax = (
            factories.module(name=f"{name} {factories.word()}") for name in ("Telefoon", "Fäx")
        )
        self.rows += [self.phone, self.fax]
        for name, module, begun, ended in (
            ("ended", self.phone, -400, -30),
            ("cancelled", self.fax, -300, 10),
            ("active", self.phone, -200, None),
            ("ordered", self.fax, 20, None),
        ):
            ends_on = None if ended is None else day(ended)
            values = {"starts_on": day(begun), "ends_on": ends_on}
            self.add(name, factories.module_subscription(self.account.id, module, **values))

    def people(self):
        self.granted = []
        for name, role in (("Bob", MemberRole.ADMIN), ("Zoë 100%", MemberRole.READER)):
            person = factories.person(name=name, email=f"{factories.word()}@two.example")
            self.rows.append(person)
            joined = factories.BEGAN + timedelta(days=1)
            self.member(name, factories.member(self.account.id, person, role, joined_at=joined))
        for name, values in (
            ("open", {}),
            ("accepted", {"accepted_at": now(), "role": MemberRole.BILLING}),
            ("revoked", {"revoked_at": now()}),
            ("expired", {"expires_at": now() - timedelta(days=1)}),
        ):
            _, row = factories.invitation(self.account.id, self.owner, **values)
            self.add(name, row)

    def entries(self):
        for number, (name, field, values) in enumerate(
            (
                ("named", "Account.name", {"actor_name": "Bob"}),
                ("moved", "Account.timeZone", {"actor_role": Role.MANAGER, "actor_name": "Staff"}),
                ("started", "Contract.startsOnOverride", {"action": "setContractStart"}),
            )
        ):
            entry, value = factories.history(self.account, field, at=instant(number), **values)
            self.add(name, entry)
            self.rows.append(value)

    def messages(self):
        for name, kind, recipient in (
            ("invited", MessageKind.INVITATION, "new@three.example"),
            ("removed", MessageKind.MEMBER_REMOVED, "old@three.example"),
        ):
            values = {"kind": kind, "recipient": recipient}
            self.add(name, factories.message(self.account.id, **values))

    def requests(self):
        for name, kind, values in (
            ("terms", RequestKind.PAYMENT_TERMS, {}),
            ("vat", RequestKind.VAT_TREATMENT, {"state": RequestStatus.WITHDRAWN}),
            ("partner", RequestKind.CONTRACT_PARTNER, {"expires_at": now() - timedelta(minutes=1)}),
        ):
            row = factories.request(self.account.id, self.owner, kind, **values)
            self.add(name, row)

    def others(self):
        self.app = factories.app()
        given = factories.app_authorization(self.account.id, self.app, self.owner)
        other = factories.app()
        over = factories.app_authorization(self.account.id, other, self.owner, revoked_at=now())
        self.rows += [self.app, other]
        self.add("given", given)
        self.add("over", over)


@pytest.fixture
async def filled(write):
    """An account with lists to find something in."""
    made = Filled()
    await write(*made.rows)
    return made


async def found(lane, filled, given, token=None):
    """Give the names of the rows that a list of the account answers, in its order."""
    answer = await lane(
        f"query ($id: ID!) {{ account(id: $id) {{ list: {given}"
        " { totalCount edges { node { id } } } } }",
        token or filled.token,
        id=filled.id,
    )
    assert "errors" not in answer, answer
    page = answer["data"]["account"]["list"]
    names = [filled.names[edge["node"]["id"]] for edge in page["edges"]]
    assert page["totalCount"] == len(names)
    return names


MODULES = [
    ("", ["ended", "cancelled", "active", "ordered"]),
    ("(filter: {})", ["ended", "cancelled", "active", "ordered"]),
    ("(filter: null, search: null, orderBy: null)", ["ended", "cancelled", "active", "ordered"]),
    ("(filter: {status: null, statusIn: null})", ["ended", "cancelled", "active", "ordered"]),
    ("(filter: {status: ACTIVE})", ["active"]),
    ("(filter: {statusIn: [ACTIVE, ORDERED, ACTIVE]})", ["active", "ordered"]),
    ("(filter: {statusIn: CANCELLED})", ["cancelled"]),
    ("(filter: {statusIn: []})", []),
    ("(filter: {status: ACTIVE, statusIn: [ENDED]})", []),
    (f'(filter: {{startsOnFrom: "{day(-300)}"}})', ["cancelled", "active", "ordered"]),
    (f'(filter: {{startsOnTo: "{day(-300)}"}})', ["ended", "cancelled"]),
    (f'(filter: {{startsOnFrom: "{day(-300)}", startsOnTo: "{day(-300)}"}})', ["cancelled"]),
    (f'(filter: {{endsOnFrom: "{day(10)}"}})', ["cancelled"]),
    (f'(filter: {{endsOnTo: "{day(9)}"}})', ["ended"]),
    ('(filter: {endsOnFrom: "9999-12-31"})', []),
    ('(filter: {startsOnTo: "9999-12-31", status: ORDERED})', ["ordered"]),
    ('(search: "fax")', ["cancelled", "ordered"]),
    ('(search: "FÄX", filter: {status: ORDERED})', ["ordered"]),
    ('(search: "%")', []),
    (
        "(orderBy: {field: STARTS_ON, descending: true})",
        ["ordered", "active", "cancelled", "ended"],
    ),
    ("(orderBy: {field: ENDS_ON})", ["ended", "cancelled", "active", "ordered"]),
    ('(orderBy: {field: MODULE}, search: "f")', ["cancelled", "ordered", "ended", "active"]),
]
OTHERS = [
    ("members", ["owner", "Bob", "Zoë 100%"]),
    ("members(filter: {role: ADMIN})", ["Bob"]),
    ("members(filter: {roleIn: [OWNER, READER]})", ["owner", "Zoë 100%"]),
    ('members(search: "zoe")', ["Zoë 100%"]),
    ('members(search: "osTER")', ["owner"]),
    ('members(search: "0%")', ["Zoë 100%"]),
    ('members(search: "@two.")', ["Bob", "Zoë 100%"]),
    ("members(orderBy: {field: NAME})", ["owner", "Bob", "Zoë 100%"]),
    ("members(orderBy: {field: NAME, descending: true})", ["Zoë 100%", "Bob", "owner"]),
    ("invitations(filter: {status: OPEN})", ["open"]),
    ("invitations(filter: {status: EXPIRED})", ["expired"]),
    ("invitations(filter: {role: BILLING})", ["accepted"]),
    ("invitations(filter: {role: READER, statusIn: [ACCEPTED, REVOKED]})", ["revoked"]),
    ("history", ["started", "moved", "named"]),
    ("history(orderBy: {field: NUMBER})", ["named", "moved", "started"]),
    ('history(filter: {field: "Account.timeZone"})', ["moved"]),
    ('history(filter: {field: "Contract.duration.startsOn"})', ["started"]),
    ('history(filter: {field: "Contract.startsOnOverride"})', []),
    ('history(filter: {action: "setContractStart"})', ["started"]),
    ("history(filter: {actorRoleIn: [MANAGER, EMPLOYEE]})", ["moved"]),
    ('history(filter: {actorName: "Bob"})', ["named"]),
    ('history(filter: {atFrom: "2024-05-02T12:00:00Z"})', ["started", "moved"]),
    ('history(filter: {atBefore: "2024-05-02T12:00:00Z"})', ["named"]),
    ("messages(filter: {kind: INVITATION})", ["invited"]),
    ("messages(filter: {stateIn: [SENT, FAILED]})", []),
    ('messages(filter: {recipient: "Old@Three.example"})', ["removed"]),
    ("requests(filter: {status: OPEN})", ["terms"]),
    ("requests(filter: {status: EXPIRED})", ["partner"]),
    ("requests(filter: {kindIn: [VAT_TREATMENT]})", ["vat"]),
    ("requests(filter: {kind: VAT_TREATMENT, status: OPEN})", []),
    ("appAuthorizations(filter: {isRevoked: true})", ["over"]),
    ("appAuthorizations(filter: {isRevoked: false})", ["given"]),
]


LISTS = [*((f"modules{given}", names) for given, names in MODULES), *OTHERS]


async def test_rows_are_found_by_what_they_show(lane, filled):
    for given, names in LISTS:
        assert await found(lane, filled, given) == names, given


async def test_each_order_is_walked_from_either_end(lane, filled):
    for given, size, after in (
        ("members(orderBy: {field: NAME, descending: true}", "first", "after"),
        ("modules(orderBy: {field: ENDS_ON}", "first", "after"),
        ("modules(orderBy: {field: ENDS_ON, descending: true}", "last", "before"),
        ('modules(search: "fax", orderBy: {field: MODULE}', "first", "after"),
        ("invitations(filter: {role: READER}, orderBy: {field: EXPIRES_AT}", "last", "before"),
    ):
        expected = await found(lane, filled, f"{given})")
        walked, cursor = [], None
        for _ in expected:
            answer = await lane(
                f"query ($id: ID!, $cursor: String) {{ account(id: $id) {{ list: {given},"
                f" {size}: 1, {after}: $cursor) {{ totalCount edges {{ cursor node {{ id }} }}"
                " pageInfo { hasNextPage hasPreviousPage } } } }",
                filled.token,
                id=filled.id,
                cursor=cursor,
            )
            page = answer["data"]["account"]["list"]
            (edge,) = page["edges"]
            cursor = edge["cursor"]
            assert page["totalCount"] == len(expected)
            walked.append(filled.names[edge["node"]["id"]])
        assert walked == (expected if size == "first" else expected[::-1])
        assert page["pageInfo"]["hasNextPage" if size == "first" else "hasPreviousPage"] is False


async def fault(lane, filled, given, token=None):
    """Give what is said of a list that is refused; it answers nothing, and the rest does."""
    answer = await lane(
        f"query ($id: ID!) {{ account(id: $id) {{ id list: {given} {{ totalCount pageInfo {{"
        " startCursor } } } }",
        token or filled.token,
        id=filled.id,
    )
    assert answer["data"] == {"account": {"id": filled.id, "list": None}}
    (error,) = answer["errors"]
    assert error["path"] == ["account", "list"]
    return {key: value for key, value in error["extensions"].items() if key != "name"}


ALL_KINDS = ", ".join([*RequestKind, *RequestKind][:1] * 21)


@pytest.mark.parametrize(
    ("given", "path", "more"),
    [
        (f"requests(filter: {{kindIn: [{ALL_KINDS}]}})", ["filter", "kindIn"], {"most": 20}),
        ('members(search: "")', ["search"], {}),
        (f'members(search: "{"x" * 101}")', ["search"], {"most": 100}),
        ('history(filter: {field: " "})', ["filter", "field"], {}),
        (f'history(filter: {{actorName: "{"x" * 101}"}})', ["filter", "actorName"], {"most": 100}),
        ('history(filter: {action: "a\\u0000b"})', ["filter", "action"], {}),
        ('messages(filter: {recipient: "nobody"})', ["filter", "recipient"], {}),
    ],
)
async def test_what_nothing_could_be_found_by_is_refused(lane, filled, given, path, more):
    said = await fault(lane, filled, given)
    assert said == {"code": "INVALID_INPUT", "inputPath": path, **more}


async def test_a_cursor_of_another_order_is_refused(lane, filled):
    answer = await lane(
        "query ($id: ID!) { account(id: $id) { members(first: 1, orderBy: {field: JOINED_AT})"
        " { pageInfo { endCursor } } modules(first: 1) { pageInfo { endCursor } } } }",
        filled.token,
        id=filled.id,
    )
    for name, given in (
        ("members", "modules(orderBy: {field: ENDS_ON}, "),
        ("modules", "members("),
    ):
        cursor = answer["data"]["account"][name]["pageInfo"]["endCursor"]
        said = await fault(lane, filled, f'{given}after: "{cursor}")')
        assert said == {"code": "INVALID_INPUT", "inputPath": ["after"]}


async def test_a_filter_by_what_its_sender_may_not_read_is_refused_whatever_it_would_find(
    lane, filled, write
):
    """BILLING reads mails, and to whom they went it does not: a filter would be a way to ask."""
    person = factories.person()
    token, credential = factories.credential(Role.CUSTOMER, person)
    member = factories.member(filled.account.id, person, MemberRole.BILLING)
    filled.names[encode("Member", member.id)] = "billing"
    await write(person, member, credential)
    assert await found(lane, filled, "messages(filter: {kind: INVITATION})", token) == ["invited"]
    refused = {
        "code": "FORBIDDEN",
        "inputPath": ["filter", "recipient"],
        "required": {
            "roles": ["CUSTOMER", "EMPLOYEE", "MANAGER"],
            "scope": "MEMBERS",
            "memberRoles": [],
        },
    }
    for recipient in ("old@three.example", "nobody@three.example", "not an address"):
        given = f'messages(filter: {{recipient: "{recipient}"}})'
        assert await fault(lane, filled, given, token) == refused
        assert await fault(
            lane, filled, given.replace("{rec", "{kind: INVITATION, rec"), token
        ) == (refused)


async def test_names_of_staff_are_found_by_staff_alone(lane, filled, write):
    person = factories.person()
    token, credential = factories.credential(Role.MANAGER, person)
    await write(person, factories.staff(person), credential)
    given = 'history(filter: {actorName: "Staff"})'
    assert await found(lane, filled, given, token) == ["moved"]
    assert await found(lane, filled, given) == []


OWN = """query ($filter: AccountFilter, $search: String, $by: AccountOrder) {
  viewer { accounts(filter: $filter, search: $search, orderBy: $by) {
    totalCount edges { node { id } } } } }"""


async def own(lane, token, **given):
    """Give what the list of the viewer's accounts answers: how many, or what is said."""
    answer = await lane(OWN, token, **given)
    page = answer["data"]["viewer"]["accounts"]
    if page is None:
        (error,) = answer["errors"]
        return error["extensions"]["code"], error["extensions"]["inputPath"]
    assert "errors" not in answer
    assert len(page["edges"]) == page["totalCount"]
    return page["totalCount"]


async def test_a_customer_finds_its_own_accounts_among_many(lane, filled, write):
    made = [
        factories.account(filled.owner, name=f"Bäcker {letter}", is_test=letter == "C")
        for letter in "ABC"
    ]
    await write(*(row for pair in made for row in pair))
    token = filled.token
    assert await own(lane, token) == 4
    assert await own(lane, token, search="backer") == 3
    assert await own(lane, token, filter={"name": "backer b"}) == 1
    assert await own(lane, token, filter={"isTest": True}) == 1
    assert await own(lane, token, filter={"status": "CANCELLED"}) == 1
    module = encode("Module", filled.phone.id)
    assert await own(lane, token, filter={"module": module, "status": "CANCELLED"}) == 0
    assert await own(lane, token, filter={"module": module, "status": "ENDED"}) == 1


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"filter": {"name": "a"}}, ["filter", "name"]),
        ({"filter": {"customerNumber": None}}, ["filter", "customerNumber"]),
        ({"filter": {"status": "ACTIVE"}}, ["filter", "status"]),
        ({"filter": {"module": "x"}}, ["filter", "module"]),
        ({"by": {"field": "CREATED_AT"}}, ["orderBy"]),
    ],
)
async def test_an_app_filters_accounts_by_what_it_may_read_in_each_of_them(
    lane, filled, write, given, path
):
    app, other = factories.app(), factories.person()
    second, owning = factories.account(other)
    token, credential = factories.credential(Role.PARTNER, app)
    await write(
        app,
        other,
        second,
        owning,
        credential,
        factories.app_authorization(filled.account.id, app, filled.owner, [Scope.ACCOUNT_READ]),
        factories.app_authorization(second.id, app, other, [Scope.FILES_READ]),
    )
    assert await own(lane, token) == 2
    assert await own(lane, token, **given) == ("FORBIDDEN", path)
    # What no app reads at all is refused to it whatever it holds.
    assert await own(lane, token, search="a") == ("FORBIDDEN", ["search"])
    assert await own(lane, token, filter={"isTest": True}) == ("FORBIDDEN", ["filter", "isTest"])


async def test_a_cursor_holds_what_the_order_shows_and_nothing_else(lane, filled):
    answer = await lane(
        "query ($id: ID!) { account(id: $id) { members(first: 1, orderBy: {field: NAME})"
        ' { pageInfo { endCursor } } messages(filter: {recipient: "old@three.example"})'
        " { pageInfo { endCursor } } } }",
        filled.token,
        id=filled.id,
    )
    lists = answer["data"]["account"]
    held = [
        b64decode(lists[name]["pageInfo"]["endCursor"]).decode().split("\x1f")[0]
        for name in ("members", "messages")
    ]
    assert held == ["asa oster", "2024-01-15T09:30:00.000000Z"]


async def test_the_catalogue_is_found_by_name_and_kind(lane, write):
    word = factories.word()
    plain, single = factories.module(name=f"Plain {word}"), factories.module(name=f"Ünique {word}")
    single.is_single_booking = True
    public = factories.tariff(plain, name="Groß")
    offered = factories.tariff(plain, name="Klein", offer_number=factories.word())
    await write(plain, single, public, offered, *factories.price_list(public))
    person = factories.person()
    token, credential = factories.credential(Role.MANAGER, person)
    await write(person, factories.staff(person), credential)

    async def names(given, tariffs=""):
        answer = await lane(
            f"{{ modules{given} {{ edges {{ node {{ name {{ value }} tariffs{tariffs}"
            " { edges { node { name { value } } } } } } } }",
            token,
        )
        edges = answer["data"]["modules"]["edges"]
        return [
            (
                edge["node"]["name"]["value"].split()[0],
                [one["node"]["name"]["value"] for one in edge["node"]["tariffs"]["edges"]],
            )
            for edge in edges
        ]

    both = ["Groß", "Klein"]
    assert await names(f'(search: "{word}")') == [("Plain", both), ("Ünique", [])]
    assert await names(f'(search: "unique {word}")') == [("Ünique", [])]
    given = f'(search: "{word}", filter: {{isOrderable: true}})'
    assert await names(given) == [("Plain", both)]
    given = f'(search: "{word}", filter: {{isSingleBooking: false}})'
    assert await names(given, "(filter: {isPublic: true})") == [("Plain", ["Groß"])]
    assert await names(given, '(search: "gross")') == [("Plain", ["Groß"])]
    assert await names(given, "(orderBy: {field: NAME, descending: true})") == [
        ("Plain", ["Klein", "Groß"])
    ]


async def test_managers_find_staff_and_what_changed_among_them(lane, write):
    word = factories.word()
    manager, leaver = factories.person(name=f"Ada {word}"), factories.person(name=f"Bo {word}")
    profile = factories.permission_profile(name=f"Éditors {word}")
    token, credential = factories.credential(Role.MANAGER, manager)
    left = factories.staff(leaver, profile, deactivated_at=now())
    entry = factories.operator_history(manager, left, action="deactivateStaff")
    await write(manager, leaver, profile, credential, factories.staff(manager), left, entry)

    async def count(given):
        answer = await lane(f"{{ list: {given} {{ totalCount }} }}", token)
        return answer["data"]["list"]["totalCount"]

    assert await count(f'staff(search: "{word}")') == 2
    assert await count(f'staff(search: "{word}", filter: {{isDeactivated: true}})') == 1
    assert await count(f'staff(search: "{word}", filter: {{role: MANAGER}})') == 1
    held = encode("PermissionProfile", profile.id)
    assert await count(f'staff(filter: {{permissionProfile: "{held}"}})') == 1
    assert await count(f'permissionProfiles(search: "editors {word}")') == 1
    about = encode("Staff", left.id)
    assert await count(f'staffHistory(filter: {{staff: "{about}"}})') == 1
    assert await count(f'staffHistory(filter: {{staff: "{about}", action: "addStaff"}})') == 0
    assert await count(f'staffHistory(filter: {{staff: "{held}"}})') == 0
    assert await count(f'staffHistory(filter: {{permissionProfile: "{held}"}})') == 0


async def test_a_filtered_list_costs_a_statement_whatever_it_is_of(
    standard_api, filled, write, count_statements
):
    """In the standard lane, for one account or three, and one more for how many are found."""
    made = [factories.account(filled.owner) for _ in range(2)]
    await write(*(row for pair in made for row in pair))
    accounts = [filled.account, *(account for account, _ in made)]
    counts = []
    for several in (accounts[:1], accounts):
        for more in ("", " totalCount"):
            with count_statements() as sent:
                answer = await standard_api(
                    "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Account { modules(search:"
                    ' "fax", filter: {statusIn: [ORDERED, CANCELLED]}, orderBy: {field: ENDS_ON})'
                    f" {{ edges {{ node {{ id }} }}{more} }} }} }} }}",
                    filled.token,
                    ids=[encode("Account", account.id) for account in several],
                )
            edges = [len(node["modules"]["edges"]) for node in answer["data"]["nodes"]]
            assert edges == [2, 0, 0][: len(several)]
            counts.append(len([one for one in sent if "find_" not in one]))
    one, counted, three, all_counted = counts
    assert (one, counted) == (three, all_counted)
    assert counted == one + 1
