"""Where requests are taken in: what commands, verbs and controls all work with."""

import asyncio
import logging
import time
from dataclasses import dataclass, field

import discord
from redis.exceptions import RedisError

from bot.discord_io.direct import DirectMessages
from bot.discord_io.interactions import Interactions
from bot.discord_io.messages import Messages
from bot.discord_io.responder import Responder
from bot.errors import AlreadyAsked, AnswerError, DeadInteractionError, Forgotten, NoUpscaler, OverCap
from bot.limit_errors import NotAllowed, SettingsChanging
from bot.policy.limits import Policy
from worker.contract.discord_answers import Verdict, cause_of
from worker.contract.log_lines import job_at_hand
from worker.contract.message.job_message import card
from worker.contract.message.languages import Language
from worker.contract.message.texts import reason_sentence
from worker.contract.metrics.counts import NO_METRICS, Metrics
from worker.contract.store.failpoints import failpoint
from worker.contract.store.jobs import AdmissionLimit, Admitted, Jobs, Refused, Seen, Stale
from worker.contract.types.cause import Cause
from worker.contract.types.job import Job, NewJob, Reason, State
from worker.contract.types.model_info import ModelInfo, UpscalerInfo
from worker.contract.types.picture_place import PicturePlace
from worker.contract.types.request import Request
from worker.contract.types.source_place import SourcePlaces
from worker.contract.types.upscale_source import UpscaleSource

from .command_rules import CommandRules
from .live_models import LiveModels
from .origin import Origin
from .policies import Policies

log = logging.getLogger(__name__)

_TRIES = 4  # at an admission, whose settings changed while it was made
_READ_AT_ONCE = 4  # pictures, each of up to `discord_limits.REQUEST_MAX` bytes


@dataclass(frozen=True)
class Enlarging:
    """What an upscale is of: where that picture lies, and the job whose picture it is, "" where none can show it."""

    source: UpscaleSource
    of: str = ""


@dataclass(frozen=True)
class Intake:
    """Takes requests in.

    Attributes:
        command_ids: the slash commands by name, as Discord holds them; empty until it has told.
        command_rules: what admins set for them.
        language: in which everything is said.
        defer_after: seconds after which an answer that is not ready is deferred.
        hinted: servers and people who were told of a server's settings, oldest first.
        metrics: where what is accepted and refused is counted.
        reading: held while a picture is in memory for what it says of itself.
    """

    jobs: Jobs
    live_models: LiveModels
    policies: Policies
    interactions: Interactions
    messages: Messages
    direct: DirectMessages
    command_ids: dict[str, int]
    command_rules: CommandRules
    language: Language
    defer_after: float = 1.5
    hinted: dict[tuple[int, int], None] = field(default_factory=dict)
    metrics: Metrics = NO_METRICS
    reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_READ_AT_ONCE))

    def responder(self, interaction: discord.Interaction, *, in_place: bool = False, hidden: bool = False) -> Responder:
        """What answers an interaction, in the language of whoever it is from."""
        return Responder(self.interactions, interaction, self.language, in_place=in_place, hidden=hidden)

    async def present(self, responder: Responder, job: Job) -> None:
        """Answer with an accepted job's message. After a deferral, or if it fails, the poster does: the job stays."""
        try:
            message = await responder.show_at_once(card(job, responder.language))
            failpoint("answer-after")
            if message is not None:
                await self.jobs.answered(job.id, message)
            elif responder.message is not None:
                # Deferred: an edit from here has no deadline, and might undo a later one of the poster's.
                await self.jobs.deferred(job.id, responder.message)
        except AnswerError as error:
            log.warning("job %s was accepted but not answered: %s", job.id, error)
            if error.verdict in {Verdict.WORDS, Verdict.FINAL}:
                await self._cancel_unanswered(responder, job, error)
        except (DeadInteractionError, RedisError) as error:
            log.warning("job %s was accepted but not answered: %s", job.id, error)

    async def _cancel_unanswered(self, responder: Responder, job: Job, error: AnswerError) -> None:
        """Discord will never show this, so it is not drawn; whoever asked hears why.

        Where Discord objects to the words, the message of the job says so without them. Should that not come through
        either, the poster goes on with it: it tells people by direct message what cannot be said in its place.
        """
        why = cause_of(error.status, error.code)
        try:
            if error.verdict is Verdict.FINAL:
                told = await self._tell_closed(responder, why)
                await self.jobs.cancel(job.id, Reason.CLOSED, why, told=told)
                return
            await self.jobs.cancel(job.id, Reason.CLOSED, why, wordless=True)
            ended = job.model_copy(
                update={"state": State.CANCELLED, "reason": Reason.CLOSED, "cause": why, "wordless": True}
            )
            message = await responder.show_at_once(card(ended, responder.language))
            if message is not None:
                await self.jobs.answered(job.id, message)
        except (AnswerError, DeadInteractionError, RedisError) as failed:
            log.warning("job %s was cancelled, which could not be said yet: %s", job.id, failed)

    async def _tell_closed(self, responder: Responder, why: Cause) -> bool:
        """Say in private what cannot be said in public; whether that came through."""
        try:
            await responder.whisper(reason_sentence(Reason.CLOSED, responder.language, why))
        except (AnswerError, DeadInteractionError):
            return False
        return True

    async def check_start(self, origin: Origin) -> None:
        """See what stands against any request of this event, before more is asked of Discord to learn which it is.

        Raises Refusal (AlreadyAsked: it was accepted before) or RedisError.
        """
        for _ in range(_TRIES):
            policy = await self.policies.of(origin)
            policy.check_open()
            match await self.jobs.may_ask(origin.event, origin.person, origin.server, policy.caps):
                case Stale():
                    continue
                case Refused() as refused:
                    raise OverCap(refused, policy.layer_of(refused))
                case Seen():
                    raise AlreadyAsked
            return
        raise SettingsChanging

    async def accept(
        self, origin: Origin, request: Request, verb: str, policy: Policy | None = None,
        sources: SourcePlaces | None = None, tells_of: PicturePlace | None = None,
    ) -> Job:  # fmt: skip
        """Check and admit a request with the places of its sources; returns the job as its message first shows it.

        `policy` is what was resolved for this event already; admission says when it no longer holds. The same origin
        again returns the job it became; another one of the same event is AlreadyAsked.

        Raises Refusal, RedisError or DamagedRecordError.
        """
        model = await self.live_models.need(request.model)
        return await self.admit(origin, request, verb, model, policy=policy, sources=sources, tells_of=tells_of)

    async def admit(
        self, origin: Origin, request: Request, verb: str, model: ModelInfo | UpscalerInfo,
        enlarging: Enlarging | None = None, policy: Policy | None = None,
        sources: SourcePlaces | None = None, tells_of: PicturePlace | None = None,
    ) -> Job:  # fmt: skip
        """The same with the model, or for an upscale its upscaler and what it is of.

        `tells_of`: the picture whose way is shown.
        """
        new = NewJob(
            id=origin.job, event=origin.event, event_ttl=origin.event_ttl, owner=origin.person,
            server=origin.server, request=request, destination=origin.destination, factor=model.factor, verb=verb,
            source=enlarging.source if enlarging else None, upscale_of=enlarging.of if enlarging else "",
            sources=sources, age_restricted=origin.age_restricted, tells_of=tells_of,
        )  # fmt: skip
        drawn = model if isinstance(model, ModelInfo) else None
        policy, outcome = await self._admitted(origin, new, drawn, policy)
        match outcome:
            case Refused(why=AdmissionLimit.MODEL) if enlarging is not None:  # it went just now
                raise NoUpscaler
            case Refused():
                raise OverCap(outcome, policy.layer_of(outcome))
            case Seen(job=known) if known != origin.job:
                raise AlreadyAsked
            case Seen(job=known):
                job = await self.jobs.get(known)
                if job is None:
                    raise Forgotten
                return job
            case Admitted():
                failpoint("admit-after")
                job_at_hand.set(new.id)  # of this event's task from now on
                self.metrics.count("easel_bot_admissions_total", verb=verb)
                log.info("job %s accepted at place %s", new.id, outcome.place)
                return _just_admitted(new, outcome)

    async def _admitted(
        self, origin: Origin, new: NewJob, model: ModelInfo | None, known: Policy | None
    ) -> tuple[Policy, Admitted | Seen | Refused]:
        """What admission says by the settings that hold now, however often they change meanwhile."""
        for _ in range(_TRIES):
            policy, known = known or await self.policies.of(origin), None
            self._check(policy, new.request, model)
            new = new.model_copy(update={"results_to": policy.results_to, "tell": policy.tell})
            outcome = await self.jobs.admit(new, policy.caps)
            if not isinstance(outcome, Stale):
                return policy, outcome
        raise SettingsChanging

    def _check(self, policy: Policy, request: Request, model: ModelInfo | None) -> None:
        try:
            policy.check(request, model)
        except NotAllowed as refused:  # people know models by their titles, policies by their ids
            raise refused.titled(self.live_models.titles) from None


def _just_admitted(new: NewJob, admitted: Admitted) -> Job:
    """The record as admission wrote it; reading it back would cost the person another round trip."""
    now = time.time_ns() // 1_000_000
    return Job(
        id=new.id, version=new.version, state=State.QUEUED, owner=new.owner, server=new.server,
        verb=new.verb, request=new.request, destination=new.destination, source=new.source, sources=new.sources,
        created=now, changed=now,
        place=admitted.place, eta=admitted.eta, age_restricted=new.age_restricted, tells_of=new.tells_of,
    )  # fmt: skip
