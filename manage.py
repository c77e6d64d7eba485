#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    examining = sys.argv[1:2] == ["doctor"]
    # What an operator runs may take its time: migrations, searches, deleting what expired.
    os.environ.setdefault("DATABASE_SECONDS", "8" if examining else "0")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if examining:
            # Without settings there is no Django, and so no command: its answer all the same.
            from config.unreadable import report

            sys.exit(report(str(error), as_json="--json" in sys.argv))
        sys.exit(str(error))


if __name__ == "__main__":
    main()
