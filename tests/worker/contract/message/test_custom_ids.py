"""What the ids of buttons are read as: ours, a newer Easel's, or nobody's of Easel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.contract.discord_limits import CUSTOM_ID_MAX
from worker.contract.message.custom_ids import VERSION, CustomId, from_easel, from_newer
from worker.contract.message.verbs import Verb

JOBS = st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True)


@given(st.sampled_from(Verb), JOBS, st.integers(0, 99), st.just(0) | st.integers(1, 2**64))
def test_what_is_given_out_is_read_again(verb: Verb, job: str, index: int, message: int) -> None:
    control = CustomId(verb, job, index, message)
    assert len(str(control)) <= CUSTOM_ID_MAX
    assert CustomId.parse(str(control)) == control
    assert from_easel(str(control))
    assert not from_newer(str(control))


def test_ids_that_people_have_under_their_pictures_are_read_for_ever() -> None:
    given_out = {
        "1:rerun:123456789012345678:0": CustomId(Verb.RERUN, "123456789012345678"),
        "1:cancel:r1-abcdef0123:0": CustomId(Verb.CANCEL, "r1-abcdef0123"),
        "1:delete:7:0": CustomId(Verb.DELETE, "7"),
        "1:upscale:7:3": CustomId(Verb.UPSCALE, "7", 3),
        "2:upscale:7:3:88": CustomId(Verb.UPSCALE, "7", 3, 88),
        "2:delete:r1-abcdef0123:0:18446744073709551615": CustomId(Verb.DELETE, "r1-abcdef0123", 0, 2**64 - 1),
    }
    for custom_id, control in given_out.items():
        assert CustomId.parse(custom_id) == control
        assert str(control) == custom_id


@pytest.mark.parametrize(
    ("custom_id", "newer"),
    [
        ("2:rerun:1:0", True),
        ("2:", True),
        ("12:{anything}", True),
        ("2:with\na line break", True),
        ("2:explode:1:0:7", True),
        ("2:rerun:1:0:0", True),
        ("3:rerun:1:0:7", True),
        ("6:queue:all:0", True),
        (f"{VERSION + 1}:{'x' * 90}", True),
        ("1:explode:1:0", True),
        ("1:rerun:a b:0", False),
        ("1:rerun:1:0:0", False),
        ("1:rerun:1:100", False),
        ("1:", False),
        ("0:rerun:1:0", False),
    ],
)
def test_an_id_of_another_version_is_easels_and_is_not_mistaken_for_one_of_ours(custom_id: str, newer: bool) -> None:
    assert CustomId.parse(custom_id) is None
    assert from_easel(custom_id)
    assert from_newer(custom_id) is newer


@pytest.mark.parametrize(
    "custom_id", ["", "x" * 100, "vote:yes", "d41d8cd98f00b204e9800998ecf8427e", "17", ":1:", "²:x"]
)
def test_what_cannot_be_easels_is_not(custom_id: str) -> None:
    assert CustomId.parse(custom_id) is None
    assert not from_easel(custom_id)
    assert not from_newer(custom_id)


@given(st.integers(VERSION + 1, 10**9), st.text(max_size=90))
def test_every_later_version_is_recognised_whatever_follows(version: int, rest: str) -> None:
    assert CustomId.parse(f"{version}:{rest}") is None
    assert from_newer(f"{version}:{rest}")
