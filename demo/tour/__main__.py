"""`python -m demo.tour`: every chapter in order. Ends with 0 when each step ended as it should."""

import sys

import requests

from demo import running
from demo.surroundings import SurroundingsError
from demo.tour import local_accounts, provider_sign_in, tenants
from demo.tour.story import Story, Unexpected
from demo.walk import WalkError

CHAPTERS = (local_accounts.tell, provider_sign_in.tell, tenants.tell)


def main() -> int:
    try:
        story = Story(running.find())
    except SurroundingsError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        for tell in CHAPTERS:
            tell(story)
    except requests.ConnectionError:
        print(
            f"\nNothing answers at {story.around.app_url} or at {story.around.provider_origin}."
            " Start both first, in another terminal: make run",
            file=sys.stderr,
        )
        return 1
    except (WalkError, Unexpected) as error:
        print(f"\nThe tour ends here. {error}", file=sys.stderr)
        return 1
    print(f"\nAll {story.steps} steps ended as they should.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
