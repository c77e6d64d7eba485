"""The lists of tests/mutants.py and tests/bulkheads.py speak of the code as it is."""

import ast

import pytest

from tests.bulkheads import BULKHEADS
from tests.mutants import MUTANTS, ROOT, Mutant


@pytest.mark.parametrize(
    "mutant", [*MUTANTS, *BULKHEADS.values()], ids=lambda mutant: f"{mutant.path} {mutant.old[:40]!r}"
)
def test_a_mutant_is_one_change_of_code_that_is_there(mutant: Mutant) -> None:
    text = (ROOT / mutant.path).read_text()
    assert text.count(mutant.old) == 1
    ast.parse(text.replace(mutant.old, mutant.new))
    assert mutant.tests.split()
    assert all(there(test) for test in mutant.tests.split())


def there(test: str) -> bool:
    """Whether the file is, and in it the function."""
    path, _, function = test.partition("::")
    if not function:
        return (ROOT / path).exists()
    return f"def {function.partition('[')[0]}(" in (ROOT / path).read_text()


def test_every_part_that_decides_who_may_what_has_mutants() -> None:
    parts = {"linking", "provisioning", "verification", "lifecycle", "tokens", "tenancy", "permissions"}
    assert parts <= {mutant.path.rpartition("/")[2].removesuffix(".py") for mutant in MUTANTS}
    assert len(MUTANTS) >= 50
