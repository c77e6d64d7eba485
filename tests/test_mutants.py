"""The list of tests/mutants.py speaks of the code as it is."""

import ast

import pytest

from tests.mutants import MUTANTS, ROOT, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.path} {mutant.old[:40]!r}")
def test_a_mutant_is_one_change_of_code_that_is_there(mutant: Mutant) -> None:
    text = (ROOT / mutant.path).read_text()
    assert text.count(mutant.old) == 1
    ast.parse(text.replace(mutant.old, mutant.new))
    assert mutant.tests.split()
    assert all((ROOT / path).exists() for path in mutant.tests.split())


def test_every_part_that_decides_who_may_what_has_mutants() -> None:
    parts = {"linking", "provisioning", "verification", "lifecycle", "tokens", "tenancy", "permissions"}
    assert parts <= {mutant.path.rpartition("/")[2].removesuffix(".py") for mutant in MUTANTS}
    assert len(MUTANTS) >= 50
