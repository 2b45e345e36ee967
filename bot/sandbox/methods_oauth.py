"""oauth.v2.access, auth.revoke and apps.uninstall: how the app comes to a workspace, and how it goes."""

import secrets

from bot.sandbox import events
from bot.sandbox.errors import ApiError
from bot.sandbox.method import Call, Method
from bot.sandbox.model import App, Json, Person
from bot.sandbox.records import Code
from bot.sandbox.world import World, install

CODE_SECONDS = 600


def allow(world: World, person: Person, redirect_url: str, optional: frozenset[str]) -> str:
    """The code that a person's consent gives the app, with those of the optional scopes that they allow."""
    code = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(32)}"
    world.codes[code] = Code(person.workspace, person.id, redirect_url, world.clock(), optional)
    return code


def remove(world: World, app: App) -> None:
    """Takes the app out of a workspace: its token is worthless from now on, and it is told."""
    world.apps.pop(app.team_id, None)
    world.revoked.add(app.tokens.bot)
    for person in [p for p in world.people.values() if p.workspace == app.team_id]:
        world.homes.pop(person.id, None)
        world.modals.pop(person.id, None)
    events.app_removed(world, app)
    world.changed()


def oauth_v2_access(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/oauth.v2.access"""
    _check_client(call)
    code = _spend(call)
    app, workspace = install(call.world, code.team_id, optional=code.optional), call.world.workspaces[code.team_id]
    return {
        "access_token": app.tokens.bot,
        "token_type": "bot",
        "scope": ",".join(sorted(app.scopes)),
        "bot_user_id": app.bot_user_id,
        "app_id": app.app_id,
        "team": {"id": workspace.id, "name": workspace.name},
        "enterprise": None,
        "authed_user": {"id": code.user},
        "is_enterprise_install": False,
    }


def auth_revoke(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/auth.revoke: a bot's only token gone, the app is gone too."""
    if call.flag("test"):
        return {"revoked": False}
    remove(call.world, call.app)
    return {"revoked": True}


def apps_uninstall(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/apps.uninstall"""
    _check_client(call)
    remove(call.world, call.app)
    return {}


def _check_client(call: Call) -> None:
    registration = call.world.registration
    if call.text("client_id") != registration.client_id:
        raise ApiError("invalid_client_id")
    if not secrets.compare_digest(call.text("client_secret").encode(), registration.client_secret.encode()):
        raise ApiError("bad_client_secret")


def _spend(call: Call) -> Code:
    code = call.world.codes.get(call.text("code"))
    if code is None:
        raise ApiError("invalid_code")
    if code.used:
        raise ApiError("code_already_used")
    code.used = True
    if (call.world.clock() - code.made_at).total_seconds() > CODE_SECONDS:
        raise ApiError("invalid_code")
    if call.text("redirect_uri", code.redirect_url) != code.redirect_url:
        raise ApiError("bad_redirect_uri")
    return code


METHODS = {
    "oauth.v2.access": Method(oauth_v2_access, per_minute=600, caller="none"),
    "auth.revoke": Method(auth_revoke),
    "apps.uninstall": Method(apps_uninstall),
}
