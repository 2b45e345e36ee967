"""The integrations page: who sees what, and what each button does."""

import pytest
from sqlalchemy import update

from integration.connecting.models import ConnectLink
from integration.connections.models import Connection
from integration.notifications.models import Notification
from integration.signing_in.models import PageLink
from integration.tenants.models import Tenant
from tests.integration.connecting.steps import Scene, add_tenant, outcome
from tests.integration.integrations.conftest import MAKER, MEMBER, OTHER, STAFF, People, Who
from tests.integration.submitting import submit

HERE, ENDING = "/integrations", "/integrations/disconnect"
HIGHLIGHTED = '<button class="button" type="submit" aria-describedby="about-connect">Connect</button>'
PALE = HIGHLIGHTED.replace('"button"', '"button second"')


def test_connect_is_highlighted_for_who_made_the_connection_and_everyone_else_reads_why_not(
    scene: Scene, people: People
) -> None:
    scene.connect()
    seen = {who: people.browser(who).get(HERE).text for who in (MAKER, OTHER, MEMBER)}
    assert HIGHLIGHTED in seen[MAKER]
    assert "You made this connection" in seen[MAKER]
    assert PALE in seen[OTHER]
    assert "Jonas Weber made this connection, so “Connect” is highlighted for them alone." in seen[OTHER]
    assert "Connect</button>" not in seen[MEMBER]
    assert "You need not do anything" in seen[MEMBER]
    assert all("Connected, and it works" in page for page in seen.values())


def test_members_see_neither_people_nor_history(scene: Scene, people: People) -> None:
    scene.connect()
    page = people.browser(MEMBER).get(HERE).text
    for theirs in ("Jonas", "jonas@", "What happened so far", "Check now", "Disconnect"):
        assert theirs not in page


def test_staff_open_any_and_choose_first(scene: Scene, people: People) -> None:
    scene.connect()
    browser = people.browser(STAFF)
    assert browser.get(HERE).headers["Location"] == "/staff/tenants"
    page = browser.get(f"{HERE}?tenant=acme").text
    assert "What Acme Ltd has connected" in page
    assert "Connect</button>" not in page
    assert f"{ENDING}?tenant=acme" in page
    assert submit(browser, f"{HERE}?tenant=acme", to=f"{HERE}/connect?tenant=acme").status_code == 303  # as in Slack
    assert browser.get(f"{HERE}?tenant=akme").status_code == 404
    assert browser.get(f"{HERE}?tenant=../x").status_code == 422


@pytest.mark.parametrize("who", [MAKER, MEMBER])
def test_of_another_organisation_nobody_sees_anything(scene: Scene, people: People, who: Who) -> None:
    add_tenant(scene.runtime, "globex", "Globex")
    browser = people.browser(who)
    assert browser.get(f"{HERE}?tenant=globex").status_code == 403
    for path in ("connect", "check", "disconnect"):
        assert submit(browser, HERE, to=f"{HERE}/{path}?tenant=globex").status_code == 403


def test_without_zoom_there_is_no_tile_and_the_way_to_get_it(scene: Scene, people: People) -> None:
    with scene.runtime.database.writing() as session:
        session.execute(update(Tenant).values(zoom_enabled=False))
    page = people.browser(MAKER).get(HERE).text
    assert "There is nothing to connect yet" in page
    assert 'href="/support?about=zoom-icon-missing&amp;q=Please%20enable%20Zoom%20for%20Acme' in page
    assert "Connect</button>" not in page


def test_connect_leads_through_zoom_with_a_link_of_ones_own(scene: Scene, people: People) -> None:
    browser = people.browser(OTHER)
    page = browser.get(HERE)
    assert HIGHLIGHTED in page.text
    link = submit(browser, HERE, to="/integrations/connect").headers["Location"]
    opened = browser.get(link).text
    assert "Asked for by</dt><dd>You<" in opened
    assert "Go on only if you know" not in opened
    assert "Lena Fischer (lena@acme.example)" in scene.browser().get(link).text
    assert outcome(scene.sign_in(browser, link)) == "connected"
    assert "You made this connection" in browser.get(HERE).text
    with scene.runtime.database.reading() as session:
        [made] = session.query(ConnectLink).all()
        assert (made.requested_by, made.made_by, made.place) == (OTHER[0], OTHER[0], None)


def test_connect_ends_no_link_that_was_passed_on_and_tells_nobody_of_those_it_ends(
    scene: Scene, people: People
) -> None:
    passed_on, browser = scene.make(), people.browser(MAKER)
    scene.keep_card(passed_on["id"])
    first, second = (submit(browser, HERE, to="/integrations/connect").headers["Location"] for _ in range(2))
    assert scene.link(passed_on["id"])["state"] == "sent"
    assert outcome(browser.get(first)) == "replaced"
    assert browser.get(second).status_code == 200
    with scene.runtime.database.reading() as session:
        assert session.query(Notification).all() == []


def test_what_waits_to_be_confirmed_is_said_to_everybody_with_the_way_to_it(scene: Scene, people: People) -> None:
    made = scene.make()
    scene.keep_card(made["id"], back="https://acme.slack.com/archives/D1/p1")
    scene.sign_in(scene.browser(), made["url"], "ines")
    jonas = people.browser(MAKER, email="jonas@acme.example", name="Jonas Weber")
    seen = {MAKER: jonas.get(HERE).text} | {who: people.browser(who).get(HERE).text for who in (OTHER, MEMBER)}
    assert all("Waits to be confirmed" in page and "not been connected" not in page for page in seen.values())
    assert "You have to say in Slack" in seen[MAKER]
    assert 'href="https://acme.slack.com/archives/D1/p1"' in seen[MAKER]
    assert "Jonas Weber has to say in Slack" in seen[OTHER]
    assert "An admin has to say in Slack" in seen[MEMBER]
    assert "acme.slack.com" not in seen[OTHER] + seen[MEMBER]
    assert "Lena Fischer has to" not in "".join(seen.values())
    page = people.browser(STAFF).get("/staff/tenants/acme").text
    assert "One more step, in Slack" in page
    assert "a connect link." not in page  # that is, another one


def test_who_has_no_email_address_is_told_where_to_go_on(scene: Scene, people: People) -> None:
    browser = people.browser(OTHER, name="Lena")
    refused = submit(browser, HERE, to="/integrations/connect")
    assert refused.status_code == 409
    assert "/retain connect" in refused.text
    with scene.runtime.database.writing() as session:
        session.execute(update(PageLink).values(email="not sealed by us"))
    assert submit(browser, HERE, to="/integrations/connect").status_code == 409


def test_a_member_can_press_nothing(scene: Scene, people: People) -> None:
    scene.connect()
    browser = people.browser(MEMBER)
    for path in ("connect", "check", "disconnect"):
        assert submit(browser, HERE, to=f"{HERE}/{path}").status_code == 403
    assert browser.get(ENDING).status_code == 403
    assert scene.connections()["acme"].state == "connected"


def test_checking_asks_zoom_and_says_what_came_of_it(scene: Scene, people: People) -> None:
    scene.connect()
    scene.clock.move(3600)
    browser = people.browser(OTHER)
    assert "Connected, as far as we know" in browser.get(HERE).text
    checked = submit(browser, HERE, to="/integrations/check").text
    assert "Checked just now: it works" in checked
    assert "Connected, and it works" in browser.get(HERE).text


def test_disconnecting_says_first_what_goes_and_leaves_a_receipt(scene: Scene, people: People) -> None:
    scene.connect()
    browser = people.browser(OTHER)
    asked = browser.get(ENDING).text
    assert "Disconnect Zoom from Acme Ltd?" in asked
    assert scene.connections()["acme"].state == "connected"
    for page in (ENDING, HERE):  # pressed twice
        assert submit(browser, page, to=ENDING).headers["Location"] == "/integrations/disconnected"
    receipt = browser.get("/integrations/disconnected").text
    assert "Our permission, the Zoom user&#39;s name and e-mail address" in receipt
    assert "Zoom has confirmed that our permission is withdrawn." in receipt
    assert scene.connections()["acme"].refresh_token is None
    page = browser.get(HERE).text
    assert "by you" in page
    assert "Deleted: our permission" in page
    assert browser.get(ENDING).headers["Location"] == HERE  # there is nothing left to disconnect


def test_what_a_form_of_another_site_sends_changes_nothing(scene: Scene, people: People) -> None:
    scene.connect()
    browser = people.browser(MAKER)
    assert browser.post(ENDING, data={"form_token": "x"}).status_code == 403
    away = {"Sec-Fetch-Site": "cross-site"}
    assert submit(browser, ENDING, headers=away).status_code == 403
    assert scene.connections()["acme"].state == "connected"


def test_signed_out_it_says_how_to_open_ones_own(scene: Scene) -> None:
    page = scene.browser().get(HERE)
    assert page.status_code == 200
    assert "<code>/retain integrations</code>" in page.text
    for path in (ENDING, "/integrations/disconnected"):
        refused = scene.browser().get(path)
        assert refused.status_code == 401
        assert "type /retain integrations for a new link" in refused.text


def test_a_broken_connection_says_why_and_what_to_do(scene: Scene, people: People) -> None:
    scene.connect()
    with scene.runtime.database.writing() as session:
        session.execute(update(Connection).values(state="needs_reauthorization", cause="grant_revoked"))
    other, member = (people.browser(who).get(HERE).text for who in (OTHER, MEMBER))
    assert HIGHLIGHTED in other
    assert "Has to be authorized again" in other
    assert "Tell an admin of your organisation" in member
