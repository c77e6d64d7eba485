"""How far one callback leads through our own files, and that nothing handed down in flow/ is changed on the way.

The definition, which gave 49 files (50 with one of the site's) and 153 to 156 moves for the first sign-in at the commit
before the callback was rebuilt:
`sys.setprofile` over one GET of the callback, from the first call of a function in `oidc_login` to the end of the
request; "call" events alone (generators and comprehensions too); functions of the packages that a host installs, not of
the site (config/, whose database wrapper would count every statement), migrations left out.
Files are the different files of these calls. A move is a call in another file than the call before it.
"First" is somebody new, with the provider's keys not yet in memory and no userinfo endpoint; "again" is the same person
once more, keys in memory.

What is bounded is the people's wing, `oidc_login` and `accounts`: what somebody reads who follows a sign-in. The ground
floor below it (`fairlead`: outbound calls, keys and their verification, credentials, the record) is entered by one call
each and is read for itself; the tenants' wing stands on it too. Counted with all its files, which are small, the callback
is longer than it was when it had neither places for waiting nor budgets nor circuit breakers: those bounds only see that
it does not grow.
"""

import copy
import dataclasses
import importlib
import inspect
import pkgutil
import sys
from itertools import pairwise

import pytest

import oidc_login.flow
from oidc_login import flow
from tests.house import ROOT, TRAVELLING

FOLDERS = tuple(f"{ROOT / name}/" for name in TRAVELLING)
WING = ("oidc_login/", "accounts/")
FLOW = f"{ROOT / 'oidc_login' / 'flow'}/"


def is_ours(path):
    return path.startswith(FOLDERS) and "/migrations/" not in path


def callback(browser, code, profile):
    query = browser.provider.authorize(browser.initiate(), code)
    sys.setprofile(profile)
    try:
        response = browser.client.get("/api/auth/oidc/callback", query)
    finally:
        sys.setprofile(None)
    assert "code=" in response["Location"]


def path_of(browser, code):
    """The files of the calls, in order, from the callback's view on."""
    called = []

    def profile(frame, event, _):
        if event == "call" and is_ours(frame.f_code.co_filename):
            called.append(frame.f_code.co_filename.removeprefix(f"{ROOT}/"))

    callback(browser, code, profile)
    begin = next(number for number, name in enumerate(called) if name.startswith("oidc_login/"))
    return called[begin:]


def measured(files):
    return len(set(files)), sum(before != after for before, after in pairwise(files))


def test_one_callback_stays_within_few_files_and_moves(browser):
    first, again = path_of(browser, "first"), path_of(browser, "again")
    found = {
        "first, the wing": measured([name for name in first if name.startswith(WING)]),
        "again, the wing": measured([name for name in again if name.startswith(WING)]),
        "first, with the ground floor": measured(first),
        "again, with the ground floor": measured(again),
    }
    bounds = {
        "first, the wing": (25, 50),
        "again, the wing": (25, 50),
        "first, with the ground floor": (69, 197),
        "again, with the ground floor": (53, 119),
    }
    beyond = {
        name: found[name] for name, most in bounds.items() if found[name][0] > most[0] or found[name][1] > most[1]
    }
    assert not beyond, found


def test_nothing_that_flow_hands_down_is_changed_by_whom_it_is_handed_to(browser):
    browser.provider.userinfo = dict(browser.provider.claims)
    handed, changed, seen = {}, [], set()

    def profile(frame, event, _):
        if event == "call" and is_ours(frame.f_code.co_filename) and frame.f_back:
            if frame.f_back.f_code.co_filename.startswith(FLOW):
                values = {name: each for name, each in frame.f_locals.items() if isinstance(each, list | dict | set)}
                seen.add(frame.f_code.co_qualname)
                handed[id(frame)] = [(name, each, copy.deepcopy(each)) for name, each in values.items()]
        elif event == "return":
            for name, each, before in handed.pop(id(frame), ()):
                if each != before:
                    changed.append((frame.f_code.co_qualname, name))

    callback(browser, "first", profile)
    callback(browser, "again", profile)
    assert {"provision", "authenticated_post", "People.create"} <= seen
    assert changed == []


def modules():
    for each in pkgutil.iter_modules(flow.__path__, f"{oidc_login.flow.__name__}."):
        yield importlib.import_module(each.name)


@pytest.mark.parametrize("module", list(modules()), ids=lambda module: module.__name__)
def test_what_flow_makes_is_frozen(module):
    made = [each for _, each in inspect.getmembers(module, inspect.isclass) if each.__module__ == module.__name__]
    for each in made:
        if dataclasses.is_dataclass(each):
            assert each.__dataclass_params__.frozen, each
        else:
            # Nothing else but errors and lists of names.
            assert issubclass(each, Exception) or hasattr(each, "__members__"), each
