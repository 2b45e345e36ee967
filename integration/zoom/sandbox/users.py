"""What the API says about people, in the shapes of Zoom's API documents."""

from integration.zoom.sandbox.model import Json, User
from integration.zoom.sandbox.world import World

CREATED = "2023-04-03T09:00:00Z"
LICENSED = 2  # `type` is the licence, not the role


def whole(user: User) -> Json:
    """`GET /users/{userId}`."""
    return {
        **_common(user),
        "role_name": user.role.name,
        "account_id": user.account.id,
        "account_number": 10_000_000 + _digits(user.account.id, 6),
        "use_pmi": False,
        "personal_meeting_url": f"https://us02web.zoom.us/j/{_pmi(user)}",
        "login_types": [100],
        "language": "en-US",
        "cluster": "us02",
    }


def listed(user: User) -> Json:
    """One of `GET /users`; who has not activated their account has no id yet."""
    found = _common(user)
    if user.status == "pending":
        del found["id"]
    return found


def page(world: World, users: list[User], about: str, size: int, offset: int) -> Json:
    """One page of `users`, which `about` asked for, with the token of the next."""
    after = offset + size
    return {
        "page_count": max(1, -(-len(users) // size)),
        "page_number": offset // size + 1,
        "page_size": size,
        "total_records": len(users),
        "next_page_token": world.new_page(about, after) if after < len(users) else "",
        "users": [listed(user) for user in users[offset:after]],
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
        "pmi": _pmi(user),
        "timezone": user.timezone,
        "verified": 1,
        "status": user.status,
        "created_at": CREATED,
        "user_created_at": CREATED,
    }


def _pmi(user: User) -> int:
    return 3_000_000_000 + _digits(user.id, 9)


def _digits(text: str, count: int) -> int:
    return int.from_bytes(text.encode()) % int(10**count)
