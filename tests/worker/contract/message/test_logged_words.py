"""What people write is in no log above DEBUG: not by way of a cause, nor of an error that carries one."""

import inspect
import logging
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.contract.message.test_cause_texts import CAUSES
from worker.contract.log_lines import JsonLines, TextLines
from worker.contract.message.cause_texts import logged, unabridged
from worker.contract.types.cause import HARMLESS, WITHHELD, Cause
from worker.contract.types.job import Reason
from worker.engine import errors as engine_errors
from worker.engine.errors import RenderError
from worker.engine.protocol import Failed, RenderRefusal
from worker.poster.discord import BadTokenError, RefusedError
from worker.poster.errors import DoubtedError, NobodyError, WordsError
from worker.poster.refusals import cause_of
from worker.slot.client import RenderFailedError
from worker.slot.source import SourceFetchError, SourceGoneError

# Every field of text has to be judged: is it ours, or may it be people's? A new one stands in neither.
PEOPLES = {"lora", "guide", "message", "declined", "examples"}

_WORDS = st.text("赤いりんごабвxyz@:/.<>{}%“”' ", min_size=6, max_size=80).map(lambda text: f"秘{text}密")
_CAUSED: list[type[RenderError]] = [
    kind
    for _, kind in inspect.getmembers(engine_errors, inspect.isclass)
    if issubclass(kind, RenderError) and list(inspect.signature(kind.__init__).parameters) == ["self", "cause"]
]


def fields(name: str) -> dict[str, type]:
    return {key: each.annotation for key, each in inspect.signature(CAUSES[name]).parameters.items()}


def about(name: str, words: str) -> Cause:
    """A cause with these words in every field that may hold people's."""
    return CAUSES[name](
        **{key: (7 if kind is not str else "Ours" if key in HARMLESS else words) for key, kind in fields(name).items()}
    )


def lines(error: BaseException) -> str:
    """An error as every logger prints it: in a message, and as a traceback, in both forms."""
    later = LookupError(repr(error))
    later.__cause__ = ValueError(str(error))
    later.__cause__.__context__ = error
    record = logging.LogRecord("slot", logging.WARNING, "a.py", 1, "%s: %s", ("7-1", error), None)
    record.exc_info = (type(later), later, None)
    return TextLines("%(message)s").format(record) + JsonLines().format(record)


def test_every_text_is_known_to_be_ours_or_peoples() -> None:
    texts = {key for name in CAUSES for key, kind in fields(name).items() if kind is str}
    assert texts == HARMLESS | PEOPLES
    assert not HARMLESS & PEOPLES


ERRORS: dict[str, Callable[[Cause], BaseException]] = {
    **{kind.__name__: kind for kind in _CAUSED},
    "RenderFailedError": lambda cause: RenderFailedError(Reason.INVALID, cause),
    "of an older engine": lambda cause: RenderFailedError(Reason.INVALID, cause, unabridged(cause)),
    "SourceFetchError": SourceFetchError,
    "SourceGoneError": SourceGoneError,
    "WordsError": WordsError,
    "NobodyError": NobodyError,
    "NobodyError, closed": lambda cause: NobodyError(cause, closed=True),
}


@given(st.sampled_from(sorted(CAUSES)), _WORDS)
def test_no_cause_tells_a_log_what_people_wrote(name: str, words: str) -> None:
    cause = about(name, words)
    told = logged(cause) + str(cause)
    assert words not in told
    for kind, error in ERRORS.items():
        assert words not in lines(error(cause)), kind
    detail = RenderError(cause).detail
    for wire in (Failed.of(Reason.INVALID, cause, detail), RenderRefusal.of(Reason.INVALID, cause, detail)):
        assert words not in wire.detail
        assert wire.cause == cause, "whoever asked hears it"


@pytest.mark.parametrize("name", CAUSES)
def test_what_is_ours_stays_and_debug_has_all(name: str) -> None:
    cause = about(name, "secret")
    ours = [str(value) for key, value in cause.data.items() if key in HARMLESS]
    shown = [value for value in ours if value in unabridged(cause)]
    assert all(value in logged(cause) for value in shown)
    assert name in str(cause)
    peoples = PEOPLES & set(cause.data)
    assert ("secret" in unabridged(cause)) == bool(peoples)
    assert (WITHHELD in logged(cause)) == bool(peoples)


@given(_WORDS)
def test_data_that_nobody_knows_is_taken_for_peoples(words: str) -> None:
    cause = Cause(code="from_the_future", data={"what": words, "most": 3, "title": "Starter"})
    for error in ERRORS.values():
        assert words not in lines(error(cause))
    assert logged(cause) == f"from_the_future what={WITHHELD} most=3 title=Starter"


@given(_WORDS, st.sampled_from([400, 403, 404]), st.integers(0, 300_000))
def test_neither_does_what_discord_says_to_the_poster(words: str, status: int, code: int) -> None:
    for refused in (RefusedError(status, code, words), BadTokenError(status, code, words)):
        assert words not in lines(refused) + lines(DoubtedError(str(refused)))
        assert words not in lines(NobodyError(cause_of(refused)))
        assert str(status) in str(refused)
        assert str(code) in str(refused)
