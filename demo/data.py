"""Demo data of the service: the provider's entry and the local accounts. Repeatable."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main() -> None:
    django.setup()


if __name__ == "__main__":
    main()
