"""What one person with a password was told by the service, and which mails they wait for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.soak.caller import Answer
from tests.soak.mail_server import MailServer

# A mail is told by the page that its link leads to.
VERIFY, RESET = "/verify-email?", "/password-reset/confirm?"
_TOKEN = re.compile(r"token=(\S+)")


@dataclass
class Person:
    """Of what several are listed, the last was acknowledged, or nobody knows which it is."""

    email: str
    passwords: list[str]
    names: list[str]
    pictures: list[str | None] = field(default_factory=lambda: [None])
    access: str = ""
    refresh: str = ""
    verified: bool = False
    sure: bool = True
    there: bool | None = True
    mails_asked: dict[str, int] = field(default_factory=lambda: {VERIFY: 0, RESET: 0})
    mails_perhaps: dict[str, int] = field(default_factory=lambda: {VERIFY: 0, RESET: 0})
    followed: set[str] = field(default_factory=set)

    def differences(self, user: dict[str, Any]) -> Iterator[str]:
        """Compare with what was acknowledged; from now on it is what was told."""
        if user["name"] not in self.names:
            yield f"{self.email} is called {user['name']}, not one of {self.names}"
        if self.pictures and user["profileImage"] not in self.pictures:
            yield f"{self.email} has another picture than the acknowledged one"
        if self.verified and not user["emailVerified"]:
            yield f"{self.email} was verified and is not"
        self.names, self.pictures = [user["name"]], [user["profileImage"]]
        self.verified = user["emailVerified"]

    def asked_for(self, kind: str, answer: Answer) -> None:
        counts = self.mails_asked if answer.ok else self.mails_perhaps
        counts[kind] += 1

    def link_of(self, kind: str, mails: MailServer) -> str:
        """The token of a mail whose link they have not followed yet, and follow now. Empty: there is none."""
        texts = [mail.text for mail in mails.to(self.email) if kind in mail.text]
        tokens = [found.group(1) for text in texts if (found := _TOKEN.search(text))]
        token = next((token for token in reversed(tokens) if token not in self.followed), "")
        self.followed.add(token)
        return token

    def mails_missing(self, mails: MailServer) -> Iterator[str]:
        """Or too many. A second copy has the same Message-ID: a process died between the server's yes and ours."""
        for kind, asked in self.mails_asked.items():
            came = {mail.message_id for mail in mails.to(self.email) if kind in mail.text}
            perhaps = self.mails_perhaps[kind]
            if not asked <= len(came) <= asked + perhaps:
                yield f"{self.email}: {len(came)} mails with {kind}, {asked} acknowledged, {perhaps} perhaps"
