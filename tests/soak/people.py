"""People with a password: registering, signing in and out, refreshing, editing, asking for mails and following them."""

from collections.abc import Iterable
from functools import partial
from itertools import count
from typing import Any

from tests.accounts.pictures import picture
from tests.soak.actor import Actor
from tests.soak.caller import Answer
from tests.soak.person import RESET, VERIFY, Person
from tests.soak.spent import REVOCATION_DELAY

_AT_MOST = 40


class People(Actor):
    """Whoever got no answer rests until the fault is over: what was sent then may take effect until then."""

    def __init__(self, name: str, **given: Any) -> None:
        super().__init__(name, **given)
        self.people: list[Person] = []
        self._numbers = count(1)
        self._acts = [self._refresh] * 4 + [self._rename] * 4 + [self._sign_in] * 2 + [
            self._upload, self._ask_reset, self._follow_reset, self._verify, self._change_password, self._sign_out,
        ]  # fmt: skip

    def round(self) -> None:
        if self.record.calm:
            for person in [each for each in self.people if not each.sure][:1]:
                self._ask_who_they_are(person)
        ready = [each for each in self.people if each.sure and each.there]
        if len(ready) < 3 or (len(self.people) < _AT_MOST and self.random.random() < 0.1):
            return self._register()
        person = self.random.choice(ready)
        if not person.access:
            return self._sign_in(person)
        return self.random.choice(self._acts)(person)

    def _register(self) -> None:
        number = next(self._numbers)
        person = Person(f"{self.name}-{number}@example.org", [self._new_password()], [f"Person {number}"])
        self.people.append(person)
        body = {"email": person.email, "password": person.passwords[-1], "name": person.names[-1]}
        answer = self.ask("POST", "/api/auth/register", json=body)
        person.asked_for(VERIFY, answer)
        if answer.ok:
            self._signed_in(person, answer)
        else:
            person.sure, person.there = False, None

    def _sign_in(self, person: Person) -> None:
        body = {"email": person.email, "password": person.passwords[-1]}
        answer = self.ask("POST", "/api/auth/login", json=body)
        if answer.ok:
            self._sign_out(person)
            self._signed_in(person, answer)

    def _sign_out(self, person: Person) -> None:
        if not person.refresh:
            return
        answer = self.ask("POST", "/api/auth/logout", json={"refresh_token": person.refresh})
        if answer.ok:
            self._ended(person, "a session that signed out")
        person.access = person.refresh = ""

    def _refresh(self, person: Person) -> None:
        renew = partial(
            self.ask, "POST", "/api/auth/refresh", json={"refresh_token": person.refresh},
            in_a_fault=("refresh_token_invalid",),
        )  # fmt: skip
        answer = renew()
        if answer.unknown or (answer.ok and self.random.random() < 0.2):
            # The successor was in an answer that is lost, or a second tab asks too: within the grace it is the same.
            again = renew()
            if answer.ok and again.ok and again.body["refresh_token"] != answer.body["refresh_token"]:
                self.record.wrong(f"{person.email}: one refresh token has two successors")
            # Too late for the grace, in a fault: then the session has ended, whatever was said before.
            answer = again if again.ok or again.code == "refresh_token_invalid" else answer
        if answer.ok:
            self._signed_in(person, answer)
        else:
            # The grace may be over: they sign in again.
            person.access = person.refresh = ""

    def _rename(self, person: Person) -> None:
        new = f"Renamed {next(self._numbers)}"
        answer = self.ask("PATCH", "/api/auth/profile", bearer=person.access, json={"name": new})
        person.names = [new] if answer.ok else [*person.names, new]
        person.sure = answer.ok

    def _upload(self, person: Person) -> None:
        color = (self.random.randrange(256), 120, 160)
        files = {"image": ("me.png", picture(color=color), "image/png")}
        answer = self.ask("POST", "/api/auth/profile/image", bearer=person.access, files=files)
        if answer.ok:
            person.pictures = [answer.body["profileImage"]]
            return
        # The new one has a name that nobody was told.
        person.sure = False
        person.pictures = []

    def _ask_reset(self, person: Person) -> None:
        answer = self.ask("POST", "/api/auth/password-reset", json={"email": person.email})
        person.asked_for(RESET, answer)

    def _follow_reset(self, person: Person) -> None:
        if not person.verified:
            # A reset would empty the account: nobody has proven that the name and the picture are theirs.
            return self._verify(person)
        token = person.link_of(RESET, self.mails)
        if not token:
            return None
        new = self._new_password()
        confirm = partial(self.ask, "POST", "/api/auth/password-reset/confirm", refusals=("invalid_request",))
        # A later mail has cancelled this link, or not: refused is right too.
        answer = confirm(json={"token": token, "newPassword": new})
        if answer.ok:
            person.passwords, person.verified = [new], True
            self._ended(person, "a session from before the password was reset")
            self.spent.add("a used link", partial(confirm, json={"token": token, "newPassword": self._new_password()}))
            person.access = person.refresh = ""
        elif answer.unknown:
            person.passwords.append(new)
            person.sure = False
        return None

    def _verify(self, person: Person) -> None:
        token = person.link_of(VERIFY, self.mails)
        if not token:
            return
        answer = self.ask(
            "POST", "/api/auth/email/verify", bearer=person.access, json={"token": token}, refusals=("invalid_request",)
        )
        person.verified = person.verified or answer.ok

    def _change_password(self, person: Person) -> None:
        new = self._new_password()
        body = {"currentPassword": person.passwords[-1], "newPassword": new}
        answer = self.ask("POST", "/api/auth/change-password", bearer=person.access, json=body)
        if answer.ok:
            person.passwords = [new]
        else:
            person.passwords.append(new)
            person.sure = False

    def _ask_who_they_are(self, person: Person) -> None:
        """Somebody who got no answer: what took effect is found out, and must be one of what was sent."""
        person.access = person.refresh = ""
        for password in person.passwords:
            body = {"email": person.email, "password": password}
            answer = self.ask("POST", "/api/auth/login", json=body, refusals=("invalid_credentials",))
            if answer.ok:
                if person.there is False:
                    self.record.wrong(f"{person.email} was not there, and is there now")
                person.there, person.sure, person.passwords = True, True, [password]
                return self._signed_in(person, answer)
            if answer.code != "invalid_credentials":
                return None
        person.sure = True
        if not person.there:
            person.there = False
            return None
        return self.record.wrong(f"{person.email}: no password that was ever sent works")

    def _signed_in(self, person: Person, answer: Answer) -> None:
        person.access, person.refresh = answer.body["access_token"], answer.body["refresh_token"]
        if "user" in answer.body:
            self._tell(person.differences(answer.body["user"]))

    def _ended(self, person: Person, what: str) -> None:
        """Its refresh token at once, its access token after the delay."""
        refresh = partial(
            self.caller.ask, "POST", "/api/auth/refresh",
            json={"refresh_token": person.refresh}, refusals=("refresh_token_invalid",),
        )  # fmt: skip
        me = partial(self.caller.ask, "GET", "/api/auth/me", bearer=person.access, refusals=("revoked", "expired"))
        self.spent.add(f"the refresh token of {what}", refresh)
        self.spent.add(f"the access token of {what}", me, delay=REVOCATION_DELAY)

    def _tell(self, wrongs: Iterable[str]) -> None:
        for each in wrongs:
            self.record.wrong(each)

    def _new_password(self) -> str:
        return f"a long phrase of {self.random.getrandbits(64):x}"

    def compare(self) -> None:
        for person in self.people:
            if person.access and person.sure:
                # The tokens that were acknowledged last work.
                answer = self.ask("POST", "/api/auth/refresh", json={"refresh_token": person.refresh})
                if answer.ok:
                    self._signed_in(person, answer)
            self._ask_who_they_are(person)
            if not person.there:
                continue
            path = person.pictures[0]
            if path and not self.ask("GET", path).ok:
                self.record.wrong(f"{person.email}: the acknowledged picture is not served")
            self._tell(person.mails_missing(self.mails))
