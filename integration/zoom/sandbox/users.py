"""What the API says about people, in the shapes of Zoom's API documents."""

from integration.zoom.sandbox.model import Json, User, digits_of, personal_id
from integration.zoom.sandbox.world import World

CREATED = "2023-04-03T09:00:00Z"
LICENSED = 2  # `type` is the licence, not the role


def whole(user: User) -> Json:
    """`GET /users/{userId}`."""
    return {
        **_common(user),
        "role_name": user.role.name,
        "account_id": user.account.id,
        "account_number": 10_000_000 + digits_of(user.account.id, 6),
        "use_pmi": False,
        **_room(user),
        "login_types": [100],
        "language": "en-US",
        "cluster": "us02",
    }


def listed(user: User, *, rooms: bool = False) -> Json:
    """One of `GET /users`, with their personal `rooms` or not; who never activated their account has no id yet."""
    found = _common(user) | (_room(user) if rooms else {})
    if user.status == "pending":
        del found["id"]
    return found


def page(world: World, users: list[User], about: str, size: int, offset: int) -> Json:
    """One page of `users`, which `about` asked for, with the token of the next."""
    after, rooms = offset + size, world.habits["rooms"] == "listed"
    return {
        "page_count": max(1, -(-len(users) // size)),
        "page_number": offset // size + 1,
        "page_size": size,
        "total_records": len(users),
        "next_page_token": world.new_page(about, after) if after < len(users) else "",
        "users": [listed(user, rooms=rooms) for user in users[offset:after]],
    }


def _common(user: User) -> Json:
    return {
        "id": user.id,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "display_name": user.name,
        "type": LICENSED,
        "role_id": user.role.id,
        "pmi": personal_id(user),
        "timezone": user.timezone,
        "verified": 1,
        "status": user.status,
        "created_at": CREATED,
        "user_created_at": CREATED,
    }


def _room(user: User) -> Json:
    """The personal meeting room's addresses; the second for whoever chose a name for it."""
    found = {"personal_meeting_url": f"https://us02web.zoom.us/j/{personal_id(user)}"}
    return found | ({"vanity_url": f"https://us02web.zoom.us/my/{user.room}"} if user.room else {})
