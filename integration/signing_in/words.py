"""What people are told who are not signed in, or have no business on a page: what to do, and in which Slack."""

from collections.abc import Mapping

from integration.policy import Role

NEW_LINK = "In Slack, type the command that led you here again, such as /retain hours, for a new link."
# By what begins with it: the command that leads there.
COMMANDS: Mapping[str, str] = {
    "/staff": "/retain desk",
    "/integrations": "/retain integrations",
    "/reports": "/retain hours",
}
FOR_STAFF = "It is for Retain’s own people. If you are one, ask for it in Retain’s own Slack workspace."
FOR_ADMINS = (
    "An admin of your organisation can see it. If you are one of another organisation too, "
    "type {command} in the Slack workspace of that one."
)
# What is asked for there, by the action of the policy table.
COMMAND_FOR: Mapping[str, str] = {"hours": "/retain hours"}
UNLINKED = (
    "The Slack workspace that you came from does not belong to an organisation of ours any more. "
    "If that is a mistake, write to us."
)


def new_link(path: str) -> str:
    """How to get a new link to a page."""
    command = next((command for begins, command in COMMANDS.items() if path.startswith(begins)), None)
    return f"In Slack, type {command} for a new link." if command else NEW_LINK


def refusal(action: str, role: Role, tenant: str | None) -> str:
    """What to do for whoever may not do `action` as `role`, with a tenant or (None) with what is Retain's own."""
    if role is Role.NOBODY:
        return UNLINKED
    if tenant is None:
        return FOR_STAFF
    return FOR_ADMINS.format(command=COMMAND_FOR.get(action, "/retain integrations"))
