"""What Discord's refusals mean: every row by hand, and that what stands in no row is never final."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from worker.contract.discord_answers import How, Verdict, cause_of, judge

ANSWER, TOKEN, CHANNEL, CREATE, DM = How
PASSING, UNKNOWN, NOT_THIS_WAY, FINAL, GONE, SMALLER, WORDS, PICTURES = Verdict

# (status, code): what it means for ANSWER, TOKEN, CHANNEL, CREATE, DM
TABLE: dict[tuple[int, int], tuple[Verdict, ...]] = {
    (500, 0): (PASSING,) * 5,
    (502, 0): (PASSING,) * 5,
    (503, 10003): (PASSING,) * 5,
    (408, 0): (PASSING,) * 5,
    (400, 130000): (PASSING,) * 5,
    (403, 40333): (PASSING,) * 5,
    (403, 40004): (PASSING,) * 5,
    (400, 40006): (PASSING,) * 5,
    (429, 40062): (PASSING,) * 5,
    (400, 40003): (PASSING,) * 5,
    (403, 20016): (PASSING,) * 5,
    (429, 20022): (PASSING,) * 5,
    (429, 20028): (PASSING,) * 5,
    (429, 20029): (PASSING,) * 5,
    (400, 30046): (PASSING,) * 5,
    (401, 0): (UNKNOWN, NOT_THIS_WAY, UNKNOWN, UNKNOWN, UNKNOWN),
    (401, 50027): (UNKNOWN, NOT_THIS_WAY, UNKNOWN, UNKNOWN, UNKNOWN),
    (404, 0): (UNKNOWN, NOT_THIS_WAY, UNKNOWN, UNKNOWN, UNKNOWN),
    (404, 10015): (UNKNOWN, NOT_THIS_WAY, UNKNOWN, UNKNOWN, UNKNOWN),
    (404, 10062): (UNKNOWN, NOT_THIS_WAY, UNKNOWN, UNKNOWN, UNKNOWN),
    (404, 10008): (UNKNOWN, GONE, GONE, UNKNOWN, UNKNOWN),
    (400, 10008): (UNKNOWN, GONE, GONE, UNKNOWN, UNKNOWN),
    (400, 10015): (UNKNOWN, NOT_THIS_WAY, UNKNOWN, UNKNOWN, UNKNOWN),
    (400, 50027): (UNKNOWN, NOT_THIS_WAY, UNKNOWN, UNKNOWN, UNKNOWN),
    (400, 10003): (FINAL,) * 5,
    (404, 10003): (FINAL,) * 5,
    (403, 50001): (FINAL,) * 5,
    (403, 50013): (FINAL,) * 5,
    (403, 160005): (FINAL,) * 5,
    (400, 50083): (NOT_THIS_WAY, NOT_THIS_WAY, NOT_THIS_WAY, FINAL, NOT_THIS_WAY),
    (403, 50005): (UNKNOWN, UNKNOWN, NOT_THIS_WAY, UNKNOWN, UNKNOWN),
    (400, 160002): (UNKNOWN, UNKNOWN, UNKNOWN, NOT_THIS_WAY, UNKNOWN),
    (403, 50007): (UNKNOWN, UNKNOWN, UNKNOWN, FINAL, FINAL),
    (403, 50278): (UNKNOWN, UNKNOWN, UNKNOWN, FINAL, FINAL),
    (404, 10013): (UNKNOWN, NOT_THIS_WAY, UNKNOWN, UNKNOWN, FINAL),
    (400, 40005): (SMALLER,) * 5,
    (413, 0): (SMALLER,) * 5,
    (400, 200000): (WORDS,) * 5,
    (400, 240000): (WORDS,) * 5,
    (400, 20009): (PICTURES,) * 5,
    (400, 50035): (UNKNOWN,) * 5,
    (400, 0): (UNKNOWN,) * 5,
    (403, 0): (UNKNOWN,) * 5,
}
ROWS = {code for _, code in TABLE} - {0}


@pytest.mark.parametrize("answer", TABLE, ids=str)
def test_every_row(answer: tuple[int, int]) -> None:
    assert tuple(judge(how, *answer) for how in How) == TABLE[answer]


@given(st.sampled_from(How), st.integers(400, 499), st.integers(0, 1_000_000))
def test_what_stands_in_no_row_is_unknown(how: How, status: int, code: int) -> None:
    if code in ROWS or status in {408, 413} or (how is TOKEN and status in {401, 404}):
        return
    assert judge(how, status, code) is UNKNOWN


@given(st.sampled_from(How), st.integers(400, 599), st.integers(0, 300_000))
def test_what_is_not_json_is_not_discords_last_word(how: How, status: int, code: int) -> None:
    assert judge(how, status, code, readable=False) is (SMALLER if status == 413 else PASSING)


def test_a_reply_that_never_was_is_no_deleted_message() -> None:
    assert judge(TOKEN, 404, 10008, known=False) is NOT_THIS_WAY


@given(st.sampled_from([400, 403, 404, 500]) | st.integers(400, 599), st.integers(0, 300_000), st.text())
@example(403, 0, ".")
@example(403, 0, " .\n")
def test_every_refusal_has_a_cause(status: int, code: int, message: str) -> None:
    cause = cause_of(status, code, message)
    assert str(cause.data.get("message", "words")).strip()
