"""The list of mutations fits the code, without running any: a rule that moved brings its mutation along."""

import re
from collections import Counter

import pytest

from tests.mutants.mutations import ROOT, MovedError, Mutation, read

MUTATIONS = read()


def test_there_are_as_many_as_rules_worth_breaking() -> None:
    assert len(MUTATIONS) >= 60
    assert [name for name, count in Counter(each.name for each in MUTATIONS).items() if count > 1] == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_it_still_applies_and_its_tests_are_there(mutation: Mutation) -> None:
    text = (ROOT / mutation.file).read_text(encoding="utf-8")
    assert mutation.apply(text) != text
    assert mutation.tests
    for test in mutation.tests:
        path, *names = re.sub(r"\[.*\]$", "", test).split("::")
        found = (ROOT / path).read_text(encoding="utf-8")
        assert all(re.search(rf"\b(?:def|class) {name}\b", found) for name in names), f"{test} is gone"


def test_a_rule_that_moved_is_named() -> None:
    mutation = Mutation(name="n", breaks="what holds", file="a.py", old="x", new="y", tests=("t.py",))
    assert mutation.apply("a x b") == "a y b"
    for text in ("nothing", "x and x"):
        with pytest.raises(MovedError, match="The rule has moved \\(what holds\\)"):
            mutation.apply(text)
