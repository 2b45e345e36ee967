"""What the app may read, in words, and what each call needs (Zoom's API documents, `x-extensions`)."""

from collections.abc import Mapping

# What the Marketplace app asks for, with the sentence of the consent page.
APP_SCOPES: Mapping[str, str] = {
    "user:read:user:admin": "See who its users are",
    "user:read:list_users:admin": "List the account's users",
    "user:read:list_permissions:admin": "See what a user may do",
    "meeting:read:meeting:admin": "See scheduled meetings",
    "meeting:read:list_meetings:admin": "List users' meetings",
    "meeting:read:past_meeting:admin": "See when a meeting started and ended",
    "meeting:read:list_past_instances:admin": "List each time a recurring meeting was held",
    "meeting:read:list_past_participants:admin": "See who took part",
    "meeting:read:participant:admin": "Hear of people joining",
    "report:read:user:admin": "Read reports of past meetings",
    "report:read:list_history_meetings:admin": "Read the history of meetings",
}
# What is taken away by the fault "scopes changed" on a refresh.
LOST_SCOPE = "user:read:list_users:admin"

MEETINGS = ("meeting:read:admin", "meeting:read")
# For each call: any one of these is enough; the first is named when it is missing.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "me": ("user:read:user:admin", "user:read:user", "user:read:admin", "user:read"),
    "user": ("user:read:user:admin", "user:read:admin"),
    "users": ("user:read:list_users:admin", "user:read:admin"),
    "permissions": ("user:read:list_permissions:admin", "user:read:list_permissions", "user:read:admin"),
    "past_meeting": ("meeting:read:past_meeting:admin", "meeting:read:past_meeting", *MEETINGS),
    "instances": ("meeting:read:list_past_instances:admin", "meeting:read:list_past_instances", *MEETINGS),
    "participants": ("meeting:read:list_past_participants:admin", "meeting:read:list_past_participants", *MEETINGS),
    "history": ("report:read:list_history_meetings:admin", "report:read:admin"),
    "report": ("report:read:user:admin", "report:read:admin"),
}
USER_READ = "User:Read"  # what a role needs to read about anyone but oneself
USAGE_REPORT = "UsageReport:Read"  # what a role needs to read the account's reports
# The rate-limit label; Light where none is named.
CATEGORY: Mapping[str, str] = {
    "users": "Medium", "instances": "Medium", "participants": "Medium", "history": "Heavy", "report": "Heavy",
}  # fmt: skip
LIMIT: Mapping[str, int] = {"Light": 30, "Medium": 20, "Heavy": 10}  # a second, for a Pro account
