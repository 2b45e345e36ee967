"""A service whose Zoom is the stand-in, over real HTTP. Both follow the test's clock."""

from tests.integration.at_zoom import anonymous, runtime, settings, zoom

__all__ = ["anonymous", "runtime", "settings", "zoom"]
