"""One call at the service, and what may be answered to it: never a 5xx but 503 with Retry-After, and that in a fault."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.soak.record import Record

# Longer than anything that the service may wait for.
_PATIENCE = 30
_COME_AGAIN = {429, 503}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`status` 0: none came."""

    status: int
    body: Any = None
    code: str = ""
    location: str = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 400 and not self.code

    @property
    def unknown(self) -> bool:
        """Whether what was asked happened: nobody knows."""
        return self.status == 0 or self.status >= 500

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.location).query).items()}


@dataclass(frozen=True)
class Caller:
    url: str
    record: Record

    def ask(
        self,
        method: str,
        path: str,
        *,
        bearer: str = "",
        refusals: tuple[str, ...] = (),
        in_a_fault: tuple[str, ...] = (),
        headers: dict[str, str] | None = None,
        session: requests.Session | None = None,
        **options: Any,
    ) -> Answer:
        """`refusals` are the codes that are right; `in_a_fault` those that are right only there."""
        before = self.record.phase
        more = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        try:
            raw = (session or requests).request(
                method,
                self.url + path,
                headers=more | (headers or {}),
                timeout=_PATIENCE,
                allow_redirects=False,
                **options,
            )
        except requests.RequestException as fault:
            answer, reason = Answer(status=0), f"no answer ({type(fault).__name__})"
            retry_after = None
        else:
            answer, reason, retry_after = (
                _read(raw),
                f"{raw.status_code} {raw.text[:300]}",
                raw.headers.get("Retry-After"),
            )
        phase = self.record.phase if self.record.calm is False else before
        # A call that began in a fault, or ended in one, was in it.
        calm = self.record.calm and before == self.record.phase
        kind = _kind(
            answer, retry_after=retry_after, refusals=refusals, in_a_fault=() if calm else in_a_fault, calm=calm
        )
        if kind == "wrong":
            self.record.wrong(f"{method} {path.partition('?')[0]}: {reason}", phase=phase)
            kind = "refused"
        self.record.count(phase, kind)
        return answer


def _kind(
    answer: Answer, *, retry_after: str | None, refusals: tuple[str, ...], in_a_fault: tuple[str, ...], calm: bool
) -> str:
    if answer.ok:
        return "acknowledged"
    if answer.code in refusals:
        return "refused"
    if answer.code in in_a_fault and answer.status < 500:
        return "turned_away"
    if calm:
        return "wrong"
    if answer.status == 0:
        return "unanswered"
    return "turned_away" if answer.status in _COME_AGAIN and retry_after else "wrong"


def _read(raw: requests.Response) -> Answer:
    location = raw.headers.get("Location", "")
    kind = raw.headers.get("Content-Type", "")
    body = raw.json() if "json" in kind and raw.content else raw.content
    code = body.get("code", "") if raw.status_code >= 400 and isinstance(body, dict) else ""
    if 300 <= raw.status_code < 400:
        code = (parse_qs(urlsplit(location).query).get("error") or [""])[0]
    return Answer(status=raw.status_code, body=body, code=code, location=location)
