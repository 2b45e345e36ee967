"""Who has Zoom here, as data. The e-mails equal those of the Slack stand-in where it is the same person."""

from integration.zoom.sandbox.model import Account, Role, User, opaque_id

EVERYTHING = (
    "User:Read", "User:Edit", "Role:Read", "Role:Edit", "AccountProfile:Read", "AccountProfile:Edit", "Recording:Read",
    "Dashboard:Read", "UsageReport:Read", "UserActivitiesReport:Read", "ZoomDevelopers:Read", "ZoomDevelopers:Edit",
)  # fmt: skip
OWNER = Role("0", "Owner", EVERYTHING)
ADMIN = Role("1", "Admin", tuple(name for name in EVERYTHING if not name.startswith("AccountProfile")))
MEMBER = Role("2", "Member")
# Roles that an account made itself have opaque ids.
MEETING_ADMIN = Role(opaque_id("role/meeting-admin"), "Meeting admin", ("User:Read", "UsageReport:Read"))
BILLING = Role(opaque_id("role/billing"), "Billing", ("Billing:Read", "Billing:Edit"))

ACME = Account("acme", "Acme Zoom")
GLOBEX = Account("globex", "Globex Zoom")

PEOPLE = (
    User("jonas", ACME, "jonas@acme.example", "Jonas", "Weber", OWNER,
         note="The owner, and the admin of Acme's Slack."),
    User("ines", ACME, "it@acme-it.example", "Ines", "Duarte", ADMIN, "Europe/Lisbon",
         note="An admin with an address of another company: the connection must be confirmed."),
    User("rosa", ACME, "rosa@acme.example", "Rosa", "Lindgren", MEETING_ADMIN, "Europe/Stockholm",
         note="A role that Acme made itself, with the permissions that are needed."),
    User("bruno", ACME, "bruno@acme.example", "Bruno", "Keller", BILLING, "Europe/Zurich",
         note="A role that Acme made itself, without them."),
    User("maya", ACME, "maya@acme.example", "Maya", "Chen", MEMBER, "Europe/Berlin",
         note="No admin: Zoom shows her nothing but herself."),
    User("carlos", GLOBEX, "carlos@globex.example", "Carlos", "Ortiz", OWNER, "America/New_York",
         note="The owner of another company's account."),
    User("haruka", GLOBEX, "haruka@globex.example", "Haruka", "Sato", MEMBER, "Asia/Tokyo",
         note="No admin."),
)  # fmt: skip

COLLEAGUES = 40  # more than one page of users, by Zoom's own page size of 30


def colleagues() -> tuple[User, ...]:
    """Acme's others: nobody signs in as them, they make the list of users long. One left, one never came."""
    status = {1: "inactive", 2: "pending"}
    return tuple(
        User(
            f"acme-{number:02}", ACME, f"person{number:02}@acme.example", "Person", f"{number:02}", MEMBER,
            status=status.get(number, "active"), signs_in=False,
        )
        for number in range(1, COLLEAGUES + 1)
    )  # fmt: skip


def newcomer(account: Account, email: str) -> User:
    """Another user of an account: nobody signs in as them."""
    first, _, last = email.partition("@")[0].partition(".")
    return User(email, account, email, first.capitalize(), last.capitalize(), MEMBER, signs_in=False)


def owner_of_new_account(slug: str) -> User:
    """Someone with an account of their own, for tests with many accounts."""
    account = Account(slug, f"{slug.capitalize()} Zoom")
    return User(f"owner-{slug}", account, f"owner@{slug}.example", "Owner", slug.capitalize(), OWNER)
