"""Who lives in the sandbox: four workspaces, their channels and people, as data."""

from bot.sandbox.model import Channel, Person, UserGroup, Workspace

ACME, GLOBEX, RETAIN, INITECH = "T0ACME", "T0GLOBEX", "T0RETAIN", "T0INITECH"

WORKSPACES = (
    Workspace(ACME, "Acme Corp", "acme"),
    Workspace(GLOBEX, "Globex", "globex"),
    Workspace(RETAIN, "Retain", "retain"),
    Workspace(INITECH, "Initech", "initech"),
)
# Where the app is installed at first; in Initech people can try to install it.
INSTALLED = ("acme", "globex", "retain")

LOS_ANGELES, NEW_YORK = "America/Los_Angeles", "America/New_York"
BERLIN, TOKYO = "Europe/Berlin", "Asia/Tokyo"

PEOPLE = (
    Person("U0MAYA", "maya", "Maya Chen", ACME, ACME, "Account manager", "customer", BERLIN, "maya@acme.example"),
    Person(
        "U0JONAS", "jonas", "Jonas Weber", ACME, ACME, "Head of operations", "admin", LOS_ANGELES,
        "jonas@acme.example", is_admin=True,
    ),
    Person(
        "U0PRIYA", "priya", "Priya Nair", ACME, ACME, "Contractor", "guest", NEW_YORK,
        "priya@contractor.example", is_restricted=True,
    ),
    Person(
        "U0OMAR", "omar", "Omar Haddad", ACME, ACME, "Auditor", "guest", NEW_YORK,
        "omar@auditor.example", is_restricted=True, is_ultra_restricted=True,
    ),
    Person(
        "U0VERA", "vera", "Vera Novak", ACME, INITECH, "Partner at Initech", "external", NEW_YORK,
        "vera@initech.example",
    ),
    Person(
        "U0HARUKA", "haruka", "Haruka Sato", GLOBEX, GLOBEX, "Customer success", "customer", TOKYO,
        "haruka@globex.example",
    ),
    Person(
        "U0CARLOS", "carlos", "Carlos Ortiz", GLOBEX, GLOBEX, "IT manager", "admin", NEW_YORK,
        "carlos@globex.example", is_admin=True,
    ),
    Person(
        "U0SAM", "sam", "Sam Rivera", RETAIN, RETAIN, "Support engineer", "staff", LOS_ANGELES,
        "sam@retain.example",
    ),
    Person(
        "U0ELLIE", "ellie", "Ellie Park", RETAIN, RETAIN, "Support lead", "staff", NEW_YORK,
        "ellie@retain.example", is_admin=True, is_owner=True,
    ),
    Person(
        "U0INES", "ines", "Ines Costa", INITECH, INITECH, "Operations", "admin", NEW_YORK,
        "ines@initech.example", is_admin=True,
    ),
    Person("U0LEO", "leo", "Leo Grant", INITECH, INITECH, "Consultant", "customer", NEW_YORK, "leo@initech.example"),
    Person("U0TOM", "tom", "Tom Becker", RETAIN, RETAIN, "Sales", "colleague", NEW_YORK, "tom@retain.example"),
)  # fmt: skip

STAFF_CHANNEL = "C0RETAINSUPPORT"
USERGROUPS = (UserGroup("S0SUPPORT", RETAIN, "support", "Support", ("U0SAM", "U0ELLIE")),)


def channels() -> list[Channel]:
    """Fresh channels; direct messages with the app are added when the world is made."""
    acme = {"U0MAYA", "U0JONAS", "U0PRIYA", "U0BOTACME"}
    globex = {"U0HARUKA", "U0CARLOS", "U0BOTGLOBEX"}
    initech = {"U0INES", "U0LEO", "U0BOTINITECH"}
    retain = {"U0SAM", "U0ELLIE", "U0TOM", "U0BOTRETAIN"}
    return [
        Channel("C0ACMEGENERAL", ACME, "general", "channel", acme, "Company-wide news and questions"),
        Channel("C0ACMESALES", ACME, "sales", "channel", acme | {"U0OMAR"}, "Customers and calls"),
        Channel("C0ACMERANDOM", ACME, "random", "channel", acme - {"U0BOTACME"}, "The app is not here"),
        Channel(
            "C0ACMEINITECH", ACME, "acme-initech", "channel", {"U0MAYA", "U0JONAS", "U0VERA", "U0BOTACME"},
            "Shared with Initech", shared=True,
        ),
        Channel("C0GLOBEXGENERAL", GLOBEX, "general", "channel", globex, "Company-wide news and questions"),
        Channel("C0GLOBEXSALES", GLOBEX, "sales", "channel", globex, "Customers and calls"),
        Channel("C0INITECHGENERAL", INITECH, "general", "channel", initech, "Company-wide news and questions"),
        Channel("C0RETAINGENERAL", RETAIN, "general", "channel", retain, "All of Retain"),
        Channel(STAFF_CHANNEL, RETAIN, "support-desk", "channel", retain - {"U0TOM"}, "Questions from customers"),
    ]  # fmt: skip
