"""Programs that a world's account let in, and one that the operator shut out."""

from portal.clock import now
from portal.viewer import Role, Scope
from tests import factories
from tests.world.account_world import AccountWorld, Kind


def fill(world: AccountWorld) -> None:
    """Add apps with their authorisations and tokens."""
    for kind, scopes in ((Kind.PARTNER, list(Scope)), (Kind.PARTNER_READING, [Scope.ACCOUNT_READ])):
        app = factories.app()
        used, over = {"last_used_at": now()}, {"revoked_at": now()}
        world.add(
            app,
            factories.app_authorization(world.account_id, app, world.owner, scopes, **used),
            factories.app_authorization(world.account_id, app, world.owner, scopes, **over),
        )
        world.admit(kind, Role.PARTNER, app)
    over = factories.app(disabled_at=now())
    world.add(over, factories.app_token(app, revoked_at=None), factories.app_token(over))
