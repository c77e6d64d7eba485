"""deploy/nginx.conf and deploy/Caddyfile, running as they stand but for addresses."""

import ssl
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.live.proxies import make_certificate, replaced, running_caddy, running_nginx
from tests.ports import free_port
from tests.processes import ROOT


@dataclass(frozen=True)
class Place:
    """Where the files say one thing and a test machine needs another."""

    folder: Path
    site_port: int = field(default_factory=free_port)
    application_port: int = field(default_factory=free_port)

    @property
    def site(self) -> str:
        return f"https://localhost:{self.site_port}"

    @property
    def application(self) -> str:
        return f"https://localhost:{self.application_port}"

    @property
    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.folder / "certificate.pem")

    def get(self, url: str, **more: Any) -> requests.Response:
        return self.call("GET", url, **more)

    def call(self, method: str, url: str, **more: Any) -> requests.Response:
        certificate = str(self.folder / "certificate.pem")
        more = {"timeout": 30, **more}
        return requests.request(method, url, verify=certificate, allow_redirects=False, **more)


def nginx(place: Place, *, upstream: str, application: str, client_id: str) -> AbstractContextManager[None]:
    certificate, key = make_certificate(place.folder)
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    # Two servers of one file at two ports, so that the one name of the certificate is good for both.
    login, mark, applications = text.partition("# An application of yours")
    assert mark
    both = {
        "/etc/letsencrypt/live/login.example.org/fullchain.pem": str(certificate),
        "/etc/letsencrypt/live/login.example.org/privkey.pem": str(key),
        "listen 443": f"listen 127.0.0.1:{place.site_port}",
        "listen 80": f"listen 127.0.0.1:{free_port()}",
        "server 127.0.0.1:8000": f"server {upstream}",
        "login.example.org": "localhost",
    }
    asking = {
        "/etc/letsencrypt/live/application.example.org/fullchain.pem": str(certificate),
        "/etc/letsencrypt/live/application.example.org/privkey.pem": str(key),
        "listen 443": f"listen 127.0.0.1:{place.application_port}",
        "application.example.org": "localhost",
        "login.example.org": f"localhost:{place.site_port}",
        "application.internal:3000": application,
        "SDK_CLIENT_ID": client_id,
    }
    text = replaced(login, both) + replaced(f"#{applications}", asking)
    return running_nginx(text, place.folder, place.site_port, place.application_port)


def caddy(place: Place, *, upstream: str, application: str, client_id: str) -> AbstractContextManager[None]:
    certificate, key = make_certificate(place.folder)
    text = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    meant = {
        "\nlogin.example.org {\n": f"\n{place.site} {{\n\ttls {certificate} {key}\n",
        "\napplication.example.org {\n": f"\n{place.application} {{\n\ttls {certificate} {key}\n",
        "Host login.example.org": f"Host localhost:{place.site_port}",
        "application.internal:3000": application,
        "SDK_CLIENT_ID": client_id,
        "y 127.0.0.1:8000": f"y {upstream}",
        "h 127.0.0.1:8000": f"h {upstream}",
    }
    return running_caddy(replaced(text, meant), place.folder, place.site_port, place.application_port)


PROXIES = {"nginx": nginx, "caddy": caddy}
