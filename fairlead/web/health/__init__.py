"""How this installation is: `manage.py doctor`, the admin's Health page and the line at start, from one list."""
