"""Members of a world's account, what they asked and were told; and staff."""

from portal import models
from portal.clock import now
from portal.models.message import MessageState
from portal.rules.people.request import RequestKind, RequestStatus
from portal.viewer import Role
from tests import factories
from tests.world.account_world import MEMBERS, AccountWorld, Kind


def fill(world: AccountWorld, running: models.ModuleSubscription, public: models.Tariff) -> None:
    """Add invitations, mails, requests and history, and let each kind of member look."""
    id, owner = world.account_id, world.owner
    for outcome in ({}, {"accepted_at": now()}, {"revoked_at": now()}):
        world.add(factories.invitation(id, owner, **outcome)[1])
    for outcome in ({}, {"revoked_at": now()}):
        world.add(factories.calendar_address(id, owner, **outcome)[1])
    for state, sent_at in ((MessageState.SENT, now()), (MessageState.QUEUED, None)):
        world.add(factories.message(id, state=state, sent_at=sent_at))
    world.add(
        factories.request(id, owner, RequestKind.CONTRACT_PARTNER, world.contract),
        factories.request(id, owner, state=RequestStatus.WITHDRAWN),
        factories.request(id, owner, RequestKind.VAT_TREATMENT, state=RequestStatus.WITHDRAWN),
    )
    asked = RequestKind.DEVIATING_DATE
    about = {"module_subscription_id": running.id, "present_tariff_id": public.id}
    over = {"state": RequestStatus.WITHDRAWN}
    world.add(
        factories.request(
            id,
            owner,
            asked,
            proposed_last_day=now().date(),
            present_last_day=now().date(),
            **about,
            **over,
        ),
        factories.request(
            id,
            owner,
            asked,
            proposed_starts_on=now().date(),
            proposed_tariff_id=public.id,
            **about,
            **over,
        ),
    )
    for entry, value in (
        factories.history(world.account, actor_id=owner.id, actor_name=owner.name),
        factories.history(world.account, "Contract.vatTreatment", actor_role=Role.MANAGER),
    ):
        world.add(entry, value, factories.history_note(entry))
    world.add(factories.idempotency_key(owner.id))
    world.admit(Kind.OWNER, Role.CUSTOMER, owner)
    for kind, role in MEMBERS.items():
        if kind is not Kind.OWNER:
            person = factories.person()
            world.add(person, factories.member(id, person, role))
            world.admit(kind, Role.CUSTOMER, person)


def add_staff(world: AccountWorld) -> None:
    """Let a manager, an employee with every scope, and one without any, look at everything."""
    full, empty = factories.permission_profile(), factories.permission_profile(())
    world.add(full, empty)
    for kind, profile in (
        (Kind.MANAGER, None),
        (Kind.EMPLOYEE, full),
        (Kind.EMPLOYEE_WITHOUT, empty),
    ):
        person = factories.person()
        staff = factories.staff(person, profile)
        world.add(person, staff, factories.operator_history(person, profile or staff))
        world.admit(kind, Role.EMPLOYEE if profile else Role.MANAGER, person)
    former = factories.person()
    world.add(former, factories.staff(former, empty, deactivated_at=now()))
