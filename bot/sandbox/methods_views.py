"""views.*: modals and App Home."""

from bot.sandbox import views
from bot.sandbox.errors import ApiError
from bot.sandbox.method import Call, Method
from bot.sandbox.model import Json
from bot.sandbox.validation import check_view


def open_view(call: Call) -> Json:
    given = check_view(call.data("view"), ("modal",))
    user = views.spend_trigger(call.world, call.app.team_id, call.required("trigger_id"))
    return {"view": views.open_first(call.world, call.app, user, given).data}


def push(call: Call) -> Json:
    given = check_view(call.data("view"), ("modal",))
    user = views.spend_trigger(call.world, call.app.team_id, call.required("trigger_id"))
    return {"view": views.push(call.world, call.app, user, given).data}


def update(call: Call) -> Json:
    given = check_view(call.data("view"), ("modal", "home"))
    old = views.find(call.world, call.app.team_id, call.text("view_id"), call.text("external_id"))
    if call.text("hash") and call.text("hash") != old.data["hash"]:
        raise ApiError("hash_conflict")
    return {"view": views.replace(call.world, call.app, old, given).data}


def publish(call: Call) -> Json:
    if not call.app.manifest.home_tab:
        raise ApiError("not_enabled")
    given = check_view(call.data("view"), ("home",))
    person = call.person(call.required("user_id"))
    old = call.world.homes.get(person.id)
    if call.text("hash") and old and call.text("hash") != old.data["hash"]:
        raise ApiError("hash_conflict")
    return {"view": views.publish(call.world, call.app, person.id, given).data}


METHODS = {
    "views.open": Method(open_view, per_minute=100),
    "views.push": Method(push, per_minute=100),
    "views.update": Method(update, per_minute=100),
    "views.publish": Method(publish, per_minute=100),
}
