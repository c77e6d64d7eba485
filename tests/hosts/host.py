"""A project of somebody else's: made by django-admin, filled by a test, served by Django's own server."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.hosts.environment import Environment
from tests.hosts.visitor import Visitor
from tests.ports import free_port, wait_until_answers
from tests.processes import Child
from tests.servers import Database

SETUP = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = '{package}.settings'; django.setup()\n"
_FOREIGN = Path(__file__).parent / "projects" / "foreign"
_FOREIGN_SETTINGS = 'if os.environ.get("FOREIGN"):\n    from foreign_settings import REST_FRAMEWORK\n'
_KEY = "<printed by: python -m fairlead.newkey>"
_FAULTS = re.compile(r"Traceback \(most recent call last\)|Internal Server Error|\" 500 ")


class Host:
    """`package` is the name of the project's own package. Files are written before `serve`."""

    def __init__(self, folder: Path, environment: Environment, *, package: str) -> None:
        self.folder, self.environment, self.package = folder, environment, package
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_file = folder.parent / f"{folder.name}.log"
        self._database = Database(folder.parent)
        self._child: Child | None = None
        self._variables: dict[str, str] = {}
        folder.mkdir()
        environment.run("-m", "django", "startproject", package, ".", folder=folder)
        self.settings = folder / package / "settings.py"
        self.urls = folder / package / "urls.py"
        self._use_database()

    def _use_database(self) -> None:
        self._address = self._database.make()
        parts = urlsplit(self._address)
        if parts.scheme == "sqlite":
            return
        given = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": parts.username,
            "PASSWORD": parts.password or "",
            "HOST": parts.hostname,
            "PORT": parts.port or 5432,
        }
        self.append(self.settings, f"\nDATABASES = {{'default': {given!r}}}\n")

    @staticmethod
    def wants_postgres() -> bool:
        """Whether the project will have a database there, and so needs its driver."""
        return os.environ.get("DATABASE_URL", "").startswith("postgres")

    def append(self, path: Path, text: str) -> None:
        with path.open("a", encoding="utf-8") as opened:
            opened.write(f"\n{text}\n")

    def paste(self, path: Path, block: str) -> None:
        """Append a block of the documentation, with this project's own values in its places."""
        text = block.replace("https://shop.example.org", self.url)
        if _KEY in text:
            text = text.replace(_KEY, self.environment.run("-m", "fairlead.newkey").strip())
        self.append(path, text)

    def replace(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{path} holds no {old}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def take(self, files: Path) -> None:
        """Copy files of the test's own into the project."""
        shutil.copytree(files, self.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("settings.py"))

    def take_settings(self, files: Path) -> None:
        """Append those of the test's own; with FOREIGN in the environment, a REST_FRAMEWORK that is unlike any."""
        self.append(self.settings, (files / "settings.py").read_text(encoding="utf-8"))
        self.take(_FOREIGN)
        self.append(self.settings, _FOREIGN_SETTINGS)

    def manage(self, *arguments: str, fails: bool | None = False) -> str:
        """Run a command of the project; everything it printed. `fails`: it has to end with an error; None: it may."""
        done = subprocess.run(
            [str(self.environment.python), "manage.py", *arguments],
            cwd=self.folder,
            env=self.environment.variables | self._variables,
            capture_output=True,
            text=True,
            check=False,
        )
        said = done.stdout + done.stderr
        assert fails is None or bool(done.returncode) is fails, (
            f"manage.py {' '.join(arguments)}: {done.returncode}\n{said}"
        )
        return said

    def printed(self, *arguments: str) -> str:
        """What a command of the project wrote to standard output, and nothing else."""
        return self.environment.run("manage.py", *arguments, folder=self.folder).strip()

    def python(self, code: str) -> Any:
        """Run Python with the project's models loaded; what it put into `answer`."""
        text = (
            SETUP.format(package=self.package) + "answer = None\n" + code + "\nimport json; print(json.dumps(answer))"
        )
        return json.loads(self.environment.run("-c", text, folder=self.folder).strip().rpartition("\n")[2])

    def serve(self, **variables: str) -> None:
        self.stop()
        self._variables = variables
        # --insecure serves static files without DEBUG, under which a fault would be a page that tells everything.
        command = ["manage.py", "runserver", "--noreload", "--insecure", f"127.0.0.1:{self.port}"]
        self._child = Child(
            [str(self.environment.python), *command],
            environment=self.environment.variables | variables,
            log=self.log_file,
            folder=self.folder,
        )
        try:
            wait_until_answers(f"{self.url}/static/admin/css/base.css", alive=self._child.alive)
        except RuntimeError as error:
            self.stop()
            raise RuntimeError(f"{error}\n{self.log[-3000:]}") from None

    def visitor(self) -> Visitor:
        return Visitor(self.url)

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""

    def faults(self) -> list[str]:
        """What the server logged of faults of ours, with what stands around it."""
        return [self.log[max(0, found.start() - 300) : found.end() + 2000] for found in _FAULTS.finditer(self.log)]

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None

    def close(self) -> None:
        self.stop()
        self._database.drop()
