from fastapi.testclient import TestClient

from integration.runtime import Runtime
from integration.tenants import preferences

MAYA, SAM = "slack:T1/UMAYA", "slack:TR/USAM"
ALL = {"reminders": True, "news": True}


def test_everybody_is_told_everything_until_they_turn_something_off(client: TestClient, runtime: Runtime) -> None:
    maya, sam = ({"X-Actor": actor, "X-Role": "member"} for actor in (MAYA, SAM))
    address = "/v1/people/preferences"
    assert client.get(address, headers=maya).json() == ALL
    assert client.put(address, json={}, headers=maya).json() == ALL
    assert client.put(address, json={"news": False}, headers=maya).json() == ALL | {"news": False}
    assert client.put(address, json={"reminders": False}, headers=maya).json() == {"reminders": False, "news": False}
    assert client.put(address, json={"reminders": True}, headers=maya).json() == ALL | {"news": False}
    assert client.get(address, headers=maya).json() == ALL | {"news": False}
    assert client.get(address, headers=sam).json() == ALL
    with runtime.database.reading() as session:
        assert preferences.wanting_news(session, [MAYA, SAM]) == [SAM]


def test_preferences_are_somebodys(client: TestClient) -> None:
    assert client.get("/v1/people/preferences").json()["field"] == "X-Actor"
    assert client.put("/v1/people/preferences", json={"news": False}).status_code == 422
