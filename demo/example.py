"""`make run SPA=on`: the example single-page app, and an instance of the service whose sign-ins end there.

The instance shares database and secrets with the first one, whose own pages go on as they are: FRONTEND_URL moves the
end of every sign-in of an instance, so one instance cannot have both.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from demo.children import Children, host_of, refuse_busy
from demo.surroundings import Surroundings, SurroundingsError


@dataclass(frozen=True, kw_only=True)
class Example:
    port: int
    service_port: int
    around: Surroundings

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def service_url(self) -> str:
        return f"http://localhost:{self.service_port}"

    @property
    def service(self) -> Mapping[str, str]:
        """The environment of the instance: the first one's, at another address, ending at the example."""
        return {
            **self.around.service,
            "APP_URL": self.service_url,
            "FRONTEND_URL": self.url,
            "BIND": f"127.0.0.1:{self.service_port}",
            "WEB_CONCURRENCY": "1",
        }

    def refuse_busy(self) -> None:
        for port in (self.port, self.service_port):
            refuse_busy(port, setting="SPA=on SPA_PORT")

    def start(self, children: Children) -> None:
        service = children.start(
            "example's service", [sys.executable, "-m", "gunicorn", "config.wsgi"], environment=self.service
        )
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        told = {"FAIRLEAD_URL": self.service_url, "SPA_PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        page = children.start("example", [sys.executable, "-m", "demo.spa"], environment=kept | told)
        children.wait_for(service, f"http://127.0.0.1:{self.service_port}/livez", host=host_of(self.service_url))
        children.wait_for(page, f"http://127.0.0.1:{self.port}/config.json", host=host_of(self.url))


def wanted(around: Surroundings, process: Mapping[str, str]) -> Example | None:
    """None unless SPA=on. Its ports follow the service's, or begin at SPA_PORT. Raises SurroundingsError."""
    if process.get("SPA", "").lower() not in {"on", "true", "yes", "1"}:
        return None
    told = process.get("SPA_PORT") or str(around.port + 1)
    if not told.isdecimal() or not 1 <= int(told) <= 65534:
        raise SurroundingsError(f"SPA_PORT is {told!r}, which is no port. Use a number such as 8001.")
    example = Example(port=int(told), service_port=int(told) + 1, around=around)
    if {around.port, around.provider_port} & {example.port, example.service_port}:
        raise SurroundingsError(f"SPA_PORT {told} and the next are in use by the others. Choose another.")
    return example
