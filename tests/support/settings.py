"""What the service must be told before it starts: `database_url` and `api_keys` are each test's own."""

from collections.abc import Mapping

SETTINGS: Mapping[str, object] = {
    "public_url": "http://localhost:8000",
    "secret_key": "a-test-secret-key-of-some-length-0123456789",
    "encryption_keys": "k1:kdW5b0hzr2sM0m2xg2x1w1l8QyXyN3pVb0q7uTgJ5aE=",
    "zoom_client_id": "test-client",
    "zoom_client_secret": "test-client-secret-0123456789",
    "zoom_webhook_secret": "test-webhook-secret-0123456789",
}


def as_environment(settings: Mapping[str, object]) -> dict[str, str]:
    """The same for a process of its own."""
    return {name.upper(): str(value) for name, value in settings.items()}
