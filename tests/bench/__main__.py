"""`make bench`: what is fast and good enough, measured against a floor in the same run."""

from tests.bench import answering, meetings, search, service, webhooks


def main() -> None:
    answering.main()
    service.main()
    webhooks.main()
    meetings.main()
    search.main()


if __name__ == "__main__":
    main()
