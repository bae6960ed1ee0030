"""What a sentence of Easel's says: its code, found through the modules that hold the sentences, not by copied English.

Every sentence is said once in a language whose words are patterns; what people read is then looked up among them.
"""

import gettext
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

from redis.exceptions import ConnectionError as RedisConnectionError

from bot import errors, result_errors, setting_errors, source_errors
from bot import texts as bot_texts
from bot.errors import Refusal
from bot.flags.read import BadFlag, Trouble
from bot.layers import OPERATOR, Layer, LayerKind, Value
from bot.limit_errors import Blocked, NotAllowed, OverLimit, Paused, SettingsChanging
from bot.texts import results
from bot.texts.server import answers as server_answers
from tests.worker.contract.factories import new_job, request, upscale_job
from worker.contract.message import tell_texts, texts
from worker.contract.message.cause_texts import SENTENCES
from worker.contract.message.fact_texts import BETWEEN
from worker.contract.message.languages import Language
from worker.contract.message.verbs import VERBS, Allowed, Verb
from worker.contract.store.jobs import AdmissionLimit, Refused
from worker.contract.types.cause import Cause
from worker.contract.types.job import Job, NewJob, Progress, Reason, State
from worker.contract.types.server_settings import Change, Limits, Whose
from worker.contract.types.telling import Telling

_ANYTHING, _NUMBER = "(?s:.*?)", r"([\d.,]+)"
_LINK = re.compile(r"https?://\S*/(\d+)")
_DIVIDERS = re.compile(r"\n-# |\n")
PLAIN = {
    "Question",
    "Deleted",
    "Hint",
    "More",
    "Kept",
    "Sent",
    "Told",
    "Untold",
    "ToldAlways",
    "EditHere",
    "FollowsNoMore",
    "Favourites",
}  # answers that refuse nothing
TOLD, UNTOLD = "Told", "Untold"  # to be told when it is done, or not any more
KEPT = "Kept"  # among favourites
UNKNOWN, QUEUE_AWAY, QUEUE_SLOW, DISCORD_AWAY = "Unknown", "QueueAway", "QueueSlow", "DiscordAway"


class _Part(str):
    """A pattern, as a datum of another sentence."""

    __slots__ = ()


class _Patterns(Language):
    """Sentences as patterns: numbers are groups, all other data may be anything."""

    def __init__(self) -> None:
        super().__init__("patterns", gettext.NullTranslations())

    def ngettext(self, one: str, many: str, count: float, /, **data: object) -> str:
        """Both forms: nobody knows how many there were."""
        data = {"count": 1, **data}
        return _Part(f"(?:{self._fill(one, one, data)}|{self._fill(many, many, data)})")

    def _fill(self, found: str, source: str, data: dict[str, object]) -> str:
        def gap(name: re.Match[str]) -> str:
            datum = data.get(name[1])
            if isinstance(datum, _Part):
                return datum
            return _NUMBER if isinstance(datum, int | float) else _ANYTHING

        return _Part(re.sub(r"\\\{(\w+)\\\}", gap, re.escape(found)))


_IN_PATTERNS = _Patterns()
_UPSCALED = (("x", False), ("x", True), ("", True))  # the link to what there is, and whether it is done
_EACH_PLACE = (1, 2, 3, 4, 21)  # each is said in another way
_SAMPLE = Cause(code="sample")
_LACKS: tuple[dict[str, dict[str, str]], ...] = ({}, {"image": {}})  # pictures that a command cannot hold


def _refusals() -> Iterator[tuple[str, Refusal]]:
    """Each refusal in every form that its sentence has."""
    yield from (
        (type(each).__name__, each)
        for each in (
            errors.MissingPermissions(("attach_files",), 1), errors.EmptyPrompt(), errors.OnlyMentions(),
            errors.PromptTooLong("prompt", 9, 1), errors.PromptTooLong("negative_prompt", 9, 1),
            errors.BadOption("x", least=1), errors.BadOption("x", most=1), errors.BadOption("x"), errors.BadOption(""),
            errors.BadOption("x", flag="iw"),
            errors.BadOption("steps"), errors.BadOption("guidance"), errors.BadOption("aspect_ratio"),
            *(errors.BadFlags([BadFlag(trouble, "--x", it, before="--x")]) for trouble in Trouble for it in ("", "x")),
            *(errors.OnlySquares("x", each, with_picture=sent) for each in ((), ("y",)) for sent in (False, True)),
            errors.UnknownModel("x", ["y"]), errors.UnknownModel("x", []),
            errors.UnknownSampler("x"), errors.NothingLive(),
            errors.AlreadyAsked(), errors.TooLate(), errors.Forgotten(), errors.NoRecipe(),
            errors.PictureUnread(), errors.NoUpscaler(), errors.NoSuchPicture(1), errors.NotYet(), errors.SourceGone(),
            errors.UnknownControl(newer=True), errors.UnknownControl(newer=False),
            errors.ChannelBusy(), *(errors.CommandDenied("imagine", 1, why) for why in errors.Denied),
            *(errors.Upscaled(number, link, done=done) for number in (None, 1) for link, done in _UPSCALED),
        )
    )  # fmt: skip
    yield from (
        (type(each).__name__, each)
        for each in (
            result_errors.NotADraft(),
            result_errors.ShowsMoments(),
            result_errors.NotAResult(),
            result_errors.CannotVary("x"),
            result_errors.CannotGoOn("x"),
            result_errors.ClosedDms(),
            result_errors.NotSeen(),
            result_errors.OnlyThere(1),
            result_errors.AlreadySent(),
            *(result_errors.NothingToSend(large=large) for large in (False, True)),
            result_errors.TooManyKept(2),
            source_errors.BeganWithNone(),
            source_errors.BeginningUnseen(),
        )
    )
    yield "NothingLive.troubled", errors.NothingLive(troubled=True)
    for verb, row in VERBS.items():
        for told in (Whose.OWNER, Whose.NOBODY):
            yield from (("NotYours", errors.NotYours(verb, owner, told)) for owner in (None, 1))
        if row.allowed is not Allowed.ANYONE:
            yield from (("NotYours", errors.NotYours(verb, owner)) for owner in (None, 1))
    yield from _limit_refusals()
    change = Change(number=1, by=1, key="paused", old=None, new="x", at=0)
    yield from (
        (type(each).__name__, each)
        for each in (
            setting_errors.NotAdmin(), setting_errors.NotInServer(), setting_errors.ChangedMeanwhile(None),
            setting_errors.ChangedMeanwhile(change), setting_errors.NothingToUndo(), setting_errors.BadImport(),
            setting_errors.BadImport(newer=True), setting_errors.LastModel(), setting_errors.NotAPerson(),
            setting_errors.BlocksThemselves(),
            setting_errors.UnknownSetting("x"),
            source_errors.PictureUnfit(_SAMPLE), source_errors.StrengthAlone(), source_errors.CannotBegin("x", ["y"]),
            source_errors.CannotBegin("x", []), source_errors.BadLoras("x"), source_errors.BeginningGone(),
            source_errors.LinkUnfit("guide", "x"), source_errors.WhichPicture("guide", "x", [1]),
            source_errors.FollowsNothing("guide", "guide_by"),
            *(
                source_errors.CannotFollow(option, "x", by, titles)
                for option in ("guide", "style") for by in ("", "x") for titles in ((), ("y",))
            ),
        )
    )  # fmt: skip


def _limit_refusals() -> Iterator[tuple[str, Refusal]]:
    layers = [Layer(kind) for kind in LayerKind]
    for why, layer in product(AdmissionLimit, layers):
        for again, count in product((None, 10.0, 1000.0, 10000.0), (0, 1, 2)):
            yield f"OverCap.{why}", errors.OverCap(Refused(why, 1, count, again), layer)
    for name, layer in product(Limits.model_fields, layers):
        if name in {"models", "samplers"}:
            for names in () if layer.kind is LayerKind.GRANT else ((), ("x",)):
                yield "NotAllowed", NotAllowed(name, "x", Value(names, layer))
            if name == "models" and layer.kind is not LayerKind.GRANT:
                yield "NotAllowed", NotAllowed(name, "", Value(("x",), layer))
        else:
            yield "OverLimit", OverLimit(name, 2, Value(1, layer))
    for why_not in ("", "x"):
        for layer in layers:
            yield "Blocked", Blocked(layer, why_not)
            yield "Paused", Paused(layer, why_not)
        yield "Blocked", Blocked(OPERATOR, why_not, whole_server=True)
    yield "SettingsChanging", SettingsChanging()


@cache
def _bot_sentences() -> list[tuple[str, re.Pattern[str]]]:
    said: list[tuple[str, str]] = [
        (code, bot_texts.refusal(each, _IN_PATTERNS).replace("“x”", f"“{_ANYTHING}”"))  # what admins have written
        for code, each in _refusals()
    ]
    said += [
        (UNKNOWN, bot_texts.unknown("x", _IN_PATTERNS)),
        (QUEUE_AWAY, bot_texts.queue_trouble(RedisConnectionError(), _IN_PATTERNS) or ""),
        (QUEUE_AWAY, bot_texts.queue_unreached(_IN_PATTERNS)),
        (QUEUE_SLOW, bot_texts.queue_slow(_IN_PATTERNS)),
        (DISCORD_AWAY, bot_texts.discord_away(_IN_PATTERNS)),
        ("QueueRefuses", bot_texts.queue_refuses(_IN_PATTERNS)),
        ("Deleted", bot_texts.deleted(_IN_PATTERNS)),
        *(
            ("More", bot_texts.more(command, [1], _IN_PATTERNS, lacks=lacks))
            for command, lacks in product((_ANYTHING, ""), _LACKS)
        ),
        (KEPT, bot_texts.kept(_IN_PATTERNS)),
        ("ToldAlways", bot_texts.tells_late(always=True, language=_IN_PATTERNS)),
        ("EditHere", bot_texts.edit_here(_IN_PATTERNS)),
        ("FollowsNoMore", bot_texts.follows_no_more(Verb.VARY_LITTLE, _IN_PATTERNS)),
        ("FollowsNoMore", bot_texts.follows_no_more(Verb.ZOOM_SOME, _IN_PATTERNS)),
        *(
            ("Favourites", results.favourites(count, 0, pages, _IN_PATTERNS))
            for count, pages in ((0, 1), (1, 1), (2, 2))
        ),
        *(("Sent", bot_texts.sent_all(count, 2, _IN_PATTERNS)) for count in (1, 2)),
        (TOLD, bot_texts.told_when_done(asked=True, language=_IN_PATTERNS)),
        (UNTOLD, bot_texts.told_when_done(asked=False, language=_IN_PATTERNS)),
        ("Hint", server_answers.hint(_IN_PATTERNS)),
        *(("Question", _IN_PATTERNS.gettext(row.question)) for row in VERBS.values() if row.question),
        ("CommandChanged", bot_texts.command_changed(_IN_PATTERNS)),
    ]
    said += [(f"Cause.{code}", _cause_pattern(code)) for code in SENTENCES]
    return [(code, re.compile(pattern)) for code, pattern in said]


def refusals_known() -> set[str]:
    """The names of all refusals that can be told apart."""
    return {type(each).__name__ for _, each in _refusals()}


def refusal_code(text: str) -> str | None:
    """Which refusal a sentence of the bot's is: the name of its error, or of a trouble; None for no sentence known."""
    return next((code for code, pattern in _bot_sentences() if pattern.fullmatch(text.strip())), None)


def tells_owner(text: str) -> bool:
    """Whether it is a reply that tells somebody that theirs has ended."""
    return any(pattern.fullmatch(text.strip()) for pattern in _ends_told())


def sent_from(text: str) -> int | None:
    """The message whose picture this text came with by direct message, at somebody's wish; None for any other text."""
    first, link = text.partition("\n")[0], _LINK.search(text)
    pattern = bot_texts.sent("", 1, "x", _IN_PATTERNS).partition("\n")[0].replace(", from x", f", from {_ANYTHING}")
    return int(link[1]) if link and re.fullmatch(pattern, first) else None


@cache
def _ends_told() -> list[re.Pattern[str]]:
    found = []
    for new, state in product((new_job("job"), upscale_job("job")), (State.POSTED, State.FAILED)):
        job = Job(
            id=new.id, state=state, owner=new.owner, server=new.server, request=new.request,
            destination=new.destination, created=0, changed=0,
        )  # fmt: skip
        for tell in (None, Telling.LATE):
            said = tell_texts.ended(job.model_copy(update={"tell": tell}), _IN_PATTERNS)
            found.append(re.compile(said.replace(f"<@{new.owner}>", r"<@\d+>")))
    return found


def reaction_refused(text: str) -> tuple[str, int] | None:
    """Of a direct message about a reaction: the sentence, and the message that was reacted to."""
    said, _, about = text.rpartition("\n")
    link = _LINK.search(about)
    if not said or link is None or not re.fullmatch(bot_texts.reacted("", "", _IN_PATTERNS), f"\n{about}"):
        return None
    return said, int(link[1])


def reason_of(status: str) -> tuple[Reason, str] | None:
    """Why a card says that its job ended, with the code of its cause ("" for none); None when it does not say so."""
    for (reason, cause), pattern in _endings():
        if pattern.fullmatch(status.strip()):
            return reason, cause
    return None


@cache
def _endings() -> list[tuple[tuple[Reason, str], re.Pattern[str]]]:
    found = []
    for reason in sorted(Reason, key=Reason.INVALID.__eq__):  # its sentence about upscales is another's as well
        for upscale in (False, True):
            said = texts.reason_sentence(reason, _IN_PATTERNS, upscale=upscale)
            found.append(((reason, ""), re.compile(said)))
            found += [((reason, code), re.compile(f"{said} {_cause_pattern(code)}")) for code in SENTENCES]
    return found


def _cause_pattern(code: str) -> str:
    """One that data of any kind and number fits."""
    sentence = SENTENCES[code]
    forms = sentence[0] if isinstance(sentence, tuple) else (sentence,)
    return "(?:" + "|".join(re.sub(r"\\\{\w+\\\}", _ANYTHING, re.escape(form)) for form in forms) + ")"


def waits(status: str) -> bool:
    """Whether a card's line is that of a job that waits, for the first time or again."""
    facts = set(_facts(status))
    return any(each.fullmatch(fact) for each in _waiting_facts() for fact in facts)


def place_of(status: str) -> int | None:
    """Which place in line a card says; None where it names none."""
    found = _place_facts().search(status)
    return int(next(filter(None, found.groups()))) if found else None


def sends(status: str) -> bool:
    """Whether it says that the pictures are on their way."""
    return re.fullmatch(texts.sending(_IN_PATTERNS), _facts(status)[0]) is not None


def went_elsewhere(status: str) -> bool:
    """Whether it says that the pictures came to their owner in another way."""
    said = getattr(texts, "sent_to_owner", None)  # an Easel that has no such way has no such sentence
    if said is None:
        return False
    begins = str(said(_SAMPLE, _IN_PATTERNS)).partition(r"\.")[0]
    return re.match(begins, status.strip()) is not None


def step_of(status: str) -> tuple[int, float] | None:
    """Number of the try and share of its steps; None where no step is shown."""
    number, share = 1, None
    steps, again = _drawing_facts()
    for fact in _facts(status):
        if found := again.fullmatch(fact):
            number = int(found[1])
        elif found := steps.match(fact):
            share = int(found[1]) / int(found[2])
        elif found := re.match(r"(\d+)%", fact):
            share = int(found[1]) / 100
    return None if share is None else (number, share)


def _facts(status: str) -> list[str]:
    line = _DIVIDERS.split(status.strip().removeprefix("-# "))[0]
    return line.split(BETWEEN)


@cache
def _waiting_facts() -> list[re.Pattern[str]]:
    said = (
        texts.waiting(_job(new_job("x"), State.QUEUED, **more), _IN_PATTERNS)
        for more in ({}, {"attempt": 1}, *({"place": place} for place in _EACH_PLACE))
    )
    return [re.compile(each.split(BETWEEN)[0]) for each in said]


@cache
def _place_facts() -> re.Pattern[str]:
    said = (texts.waiting(_job(new_job("x"), State.QUEUED, place=place), _IN_PATTERNS) for place in _EACH_PLACE[1:])
    return re.compile("|".join(f"(?:{each})" for each in said))


@cache
def _drawing_facts() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A step, and the number of the try."""
    at = Progress(phase="steps", step=1, steps=request().steps)
    said = texts.drawing(_job(new_job("x"), State.CLAIMED, attempt=2, progress=at), _IN_PATTERNS).split(BETWEEN)
    return re.compile(said[-1].rpartition(" ")[0]), re.compile(said[0])


def _job(new: NewJob, state: State, **more: Any) -> Job:
    facts = new.model_dump(include={"id", "owner", "server", "request", "destination", "source"})
    return Job.model_validate({**facts, "state": state, "created": 0, "changed": 0, **more})


def card_samples() -> Iterator[tuple[Job, bool]]:
    """Cards of jobs that wait or are drawn, for tests: the job, and whether it waits."""
    for new in (new_job("job"), upscale_job("job"), upscale_job("job", alone=True)):
        for state, attempt in ((State.QUEUED, 0), (State.QUEUED, 1), (State.CLAIMED, 1), (State.CLAIMED, 2)):
            for place in (None, 1, 5):
                yield _job(new, state, attempt=attempt, place=place), state is State.QUEUED
