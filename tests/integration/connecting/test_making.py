import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select, update

from integration.connecting.models import ConnectLink
from integration.tenants.models import Tenant
from tests.integration.connecting.steps import ADMIN, JONAS, JONAS_EMAIL, PUBLIC_URL, STAFF, Scene, add_tenant, outcome


def test_an_admin_gets_a_link_that_lasts_a_day(scene: Scene) -> None:
    made = scene.make()
    token = made["url"].removeprefix(f"{PUBLIC_URL}/connect/")
    assert len(token) == 43
    view = scene.link(made["id"])
    assert view["state"] == "sent"
    assert (view["tenant"], view["tenant_name"]) == ("acme", "Acme Ltd")
    assert view["requested_by"] == view["made_by"] == JONAS
    assert view["cause"] is view["zoom_user"] is view["card"] is view["confirm_by"] is None
    assert scene.row(made["id"]).expires_at == scene.clock.now + timedelta(hours=24)
    assert token not in str(view)


def test_only_a_hash_of_its_token_is_kept(scene: Scene) -> None:
    made = scene.make()
    row, token = scene.row(made["id"]), made["url"].rsplit("/", 1)[1]
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert JONAS_EMAIL not in str(vars(row))


def test_staff_make_a_link_for_somebody_else(scene: Scene) -> None:
    made = scene.make(headers=STAFF, for_actor=JONAS)
    view = scene.link(made["id"])
    assert (view["requested_by"], view["made_by"]) == (JONAS, STAFF["X-Actor"])


def test_an_admin_makes_none_for_somebody_else(scene: Scene) -> None:
    refused = scene.ask(for_actor="slack:T0ACME/UOTHER")
    assert refused.status_code == 403
    assert refused.json()["field"] == "for_actor"
    assert scene.ask(for_actor=JONAS).status_code == 201


def test_nobody_else_gets_one(scene: Scene) -> None:
    for who in (ADMIN | {"X-Role": "member"}, ADMIN | {"X-Tenant": "globex"}, {"X-Actor": JONAS}):
        assert scene.ask(headers=who).status_code == 403


def test_a_link_is_asked_for_by_a_person(scene: Scene) -> None:
    refused = scene.ask(headers={"X-Role": "staff"})
    assert (refused.status_code, refused.json()["field"]) == (422, "X-Actor")


def test_what_is_no_address_is_refused(scene: Scene) -> None:
    for email in ("", "jonas", "jonas@", "jo nas@acme.example", "@", "jonas@acme"):
        refused = scene.ask(requester_email=email)
        assert (refused.status_code, refused.json()["field"]) == (422, "requester_email")


def test_without_zoom_enabled_there_is_none_and_the_way_to_it_is_named(scene: Scene) -> None:
    with scene.runtime.database.writing() as session:
        session.execute(update(Tenant).values(zoom_enabled=False))
    refused = scene.ask()
    problem = refused.json()
    assert refused.status_code == 409
    assert (problem["cause"], problem["article"]) == ("not_enabled", "zoom-icon-missing")
    assert "enable" in problem["remedy"]


def test_an_unknown_tenant_has_none(scene: Scene) -> None:
    assert scene.ask("nosuch", STAFF).status_code == 404


def test_the_newest_link_of_a_person_counts(scene: Scene) -> None:
    first = scene.make()
    scene.keep_card(first["id"])
    second = scene.make()
    assert scene.link(first["id"])["state"] == "expired"
    assert scene.link(first["id"])["cause"] == "link_replaced"
    assert [one["cause"] for one in scene.told(first["id"])] == ["link_replaced"]
    page = scene.browser().get(first["url"])
    assert (page.status_code, outcome(page)) == (410, "replaced")
    assert scene.browser().get(second["url"]).status_code == 200


def test_of_a_link_that_ended_unused_and_without_a_message_nobody_hears_unless_one_stands_after_all(
    scene: Scene,
) -> None:
    replaced, over = scene.make(), scene.make()
    scene.clock.move(timedelta(hours=24).total_seconds())
    scene.work()
    causes = [(scene.link(made["id"])["cause"], scene.told(made["id"])) for made in (replaced, over)]
    assert causes == [("link_replaced", []), ("link_expired", [])]
    scene.keep_card(over["id"])
    assert [one["cause"] for one in scene.told(over["id"])] == ["link_expired"]


def test_links_of_other_people_and_tenants_stay(scene: Scene) -> None:
    add_tenant(scene.runtime, "globex", "Globex")
    mine = scene.make()
    scene.make(headers=ADMIN | {"X-Actor": "slack:T0ACME/UOTHER"})
    scene.make("globex", STAFF, for_actor=JONAS)
    assert scene.link(mine["id"])["state"] == "sent"


def test_a_link_that_somebody_signed_in_with_is_not_replaced(scene: Scene) -> None:
    waiting = scene.make()
    scene.sign_in(scene.browser(), waiting["url"], "ines")
    scene.make()
    assert scene.link(waiting["id"])["state"] == "awaiting_confirmation"


def test_of_links_asked_for_at_once_one_is_the_newest(scene: Scene) -> None:
    with ThreadPoolExecutor(4) as people:
        list(people.map(lambda _: scene.make(), range(8)))
    with scene.runtime.database.reading() as session:
        states = session.scalars(select(ConnectLink.state)).all()
    assert sorted(states) == ["expired"] * 7 + ["sent"]


def test_the_text_to_pass_on_has_the_link_and_who_asked(scene: Scene) -> None:
    made = scene.make()
    for part in (made["url"], "Acme Ltd", "Jonas Weber (jonas@acme.example)", "10:30 on 15 January 2025 (PST)"):
        assert part in made["forward"]
    later = scene.link(made["id"])["forward"]
    assert made["url"] not in later
    assert "the connect link that I send you with this" in later


def test_who_gave_no_name_is_known_by_their_address(scene: Scene) -> None:
    made = scene.make(requester_name=None)
    assert "asked for by jonas@acme.example;" in made["forward"]


def test_a_link_is_seen_by_admins_of_its_tenant_and_by_staff(scene: Scene) -> None:
    made = scene.make()
    path = f"/v1/connect-links/{made['id']}"
    other = ADMIN | {"X-Tenant": "globex"}
    member = ADMIN | {"X-Role": "member"}
    statuses = [scene.api.get(path, headers=who).status_code for who in (ADMIN, STAFF, other, member)]
    assert statuses == [200, 200, 403, 403]
    assert scene.api.get(f"/v1/connect-links/{'0' * 32}", headers=STAFF).status_code == 404


def test_the_card_is_remembered_and_what_it_missed_is_told_again(scene: Scene) -> None:
    made = scene.make()
    path = f"/v1/connect-links/{made['id']}/card"
    assert scene.api.put(path, json={"place": "slack:T0ACME/D1/1.2"}, headers=ADMIN).status_code == 204
    assert scene.link(made["id"])["card"] == "slack:T0ACME/D1/1.2"
    assert scene.told(made["id"]) == []
    scene.press(scene.browser(), made["url"])
    scene.api.put(path, json={"place": "slack:T0ACME/D1/3.4"}, headers=ADMIN)
    assert [(one["state"], one["card"]) for one in scene.told(made["id"])] == [
        ("started", "slack:T0ACME/D1/1.2"),
        ("started", "slack:T0ACME/D1/3.4"),
    ]


def test_a_change_settles_what_was_not_told_yet(scene: Scene) -> None:
    made, browser = scene.make(), scene.browser()
    scene.sign_in(browser, made["url"])
    claimed = scene.api.post("/v1/notifications/claim").json()["notifications"]
    ours = [one for one in claimed if one["kind"] == "connect_link.changed"]
    assert [one["payload"]["link"]["state"] for one in ours] == ["connected"]
    assert [one["state"] for one in scene.told(made["id"])] == ["started", "connected"]
