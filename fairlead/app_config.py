"""The base of our apps' configurations: what each needs beside it in INSTALLED_APPS, told before anything fails.

An apps.py imports this module, not the class: Django would take the class for a second configuration of the app.
"""

from importlib.util import find_spec
from typing import ClassVar

from django.apps import AppConfig, apps
from django.core.exceptions import ImproperlyConfigured


class FairleadApp(AppConfig):
    """`needs` are names of apps, `needs_package` a package to import and what installs it.

    `of_fairlead` marks their models as ours, for the rules that hold for all of them.
    """

    of_fairlead = True
    needs: tuple[str, ...] = ()
    needs_package: ClassVar[tuple[str, str]] = ("", "")

    def import_models(self) -> None:
        # Before the models: one that refers to an app which is not installed fails with a text about app labels.
        missing = [name for name in self.needs if not apps.is_installed(name)]
        if missing:
            lines = " ".join(f'"{name}",' for name in missing)
            raise ImproperlyConfigured(f"{self.name} needs more in INSTALLED_APPS. Add: {lines}")
        package, extra = self.needs_package
        if package and find_spec(package) is None:
            raise ImproperlyConfigured(f'{self.name} needs the package {package}: pip install "{extra}"')
        super().import_models()

    def ready(self) -> None:
        from fairlead import conf  # noqa: F401 - importing registers the check of FAIRLEAD
