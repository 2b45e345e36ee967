"""Which meetings Zoom is asked about alone."""

from integration.backfill.planning import open_meetings
from tests.integration.backfill.steps import MEETING_ID, Scene

OTHER = "95555555555"


def test_those_of_which_nothing_is_known_come_before_those_that_are_measured(scene: Scene) -> None:
    start = scene.ago(days=5)
    scene.planned("measured", start)
    scene.told(scene.held(start, 45, MEETING_ID))
    scene.planned("weekly", scene.ago(days=250), OTHER)
    scene.planned("weekly, later", scene.ago(days=243), OTHER)
    scene.planned("just over", scene.ago(hours=2), "95555555550")
    scene.planned("too old", scene.ago(days=366), "95555555551")
    with scene.runtime.database.reading() as session:
        found = open_meetings(session, scene.runtime.vault, "acme", scene.clock.now)
    assert [one.meeting_id for one in found] == [OTHER, MEETING_ID]
    assert (found[0].days.last - found[0].days.first).days in (7, 8)
