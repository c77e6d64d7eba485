"""The provider's command line: `python -m demo.provider rotate_provider_keys`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "demo.provider.settings"
    execute_from_command_line(sys.argv)
