"""Run in a peer's own process: `python -m bench.served.prepare bench.peers.knox.calls ISSUER`. Makes the peer's tables
and rows and prints its calls."""

import sys
from importlib import import_module

import django
from django.core.management import call_command

from bench.served import calls


def main(module: str, issuer: str) -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    print(calls.dumps(import_module(module).make(issuer=issuer)))


if __name__ == "__main__":
    main(*sys.argv[1:])
