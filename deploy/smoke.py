"""One `/imagine` played as a person through everything that runs, for `make smoke`."""

import asyncio
import io
import time
from pathlib import Path
from typing import TYPE_CHECKING

import redis.asyncio
from PIL import Image, UnidentifiedImageError

from deploy.sandbox.client import Attachment, Interaction, Message, SandboxClient
from worker.contract.message.cause_texts import unabridged
from worker.contract.message.custom_ids import CustomId
from worker.contract.store.jobs import Jobs
from worker.contract.types import recipe
from worker.contract.types.job import Job, State

from .screen import Screen

if TYPE_CHECKING:
    from .stack import Stack

CHANNEL, PERSON = "gallery", "Bea"
PROMPT = "a glossy sticker of a red apple, light blue background"
_ANSWER = 15.0  # seconds; Discord itself gives up after 3
_PICTURES = 600.0
_LOOK = 0.005


class SmokeError(Exception):
    """The smoke test did not get what it asked for; the message says what was missing."""


class JobTimeline:
    """When a job was seen where, in seconds after its admission by Redis's clock."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        self.job: Job | None = None

    async def follow(self, jobs: Jobs, job_id: str) -> None:
        """Look until the job has ended."""
        while self.job is None or not self.job.state.terminal:
            seconds, micros = await jobs.redis.time()
            self._note(await jobs.get(job_id), int(seconds) + int(micros) / 1e6)
            await asyncio.sleep(_LOOK)

    def _note(self, job: Job | None, now: float) -> None:
        if job is None:
            raise SmokeError("the job's record is gone from Redis")
        self.job = job
        self.at.setdefault(job.state, now - job.created / 1000)
        if job.state is State.CLAIMED and job.progress and job.progress.step:
            self.at.setdefault("step", now - job.created / 1000)


async def play(stack: "Stack", screen: Screen, out: Path) -> bool:
    """Ask for pictures, wait, check and save them, print how long everything took.

    Raises:
        SmokeError: there is no answer, or not all pictures came, or one is not what it should be.
    """
    async with (
        SandboxClient.connect(stack.page) as sandbox,
        redis.asyncio.Redis.from_url(stack.redis_url) as client,
    ):
        screen.say(f"{PERSON} types /imagine prompt: {PROMPT}")
        started = time.monotonic()
        asked, answer = await _ask(sandbox)
        timeline = JobTimeline()
        done = await _wait(sandbox, answer, Jobs(client), timeline)
        elapsed = time.monotonic() - started
        assert timeline.job is not None  # noqa: S101 - it was followed to its end
        for index, attachment in enumerate(done.attachments):
            picture = await sandbox.download(attachment)
            await asyncio.to_thread(_check_and_save, picture, attachment, timeline.job, index, out)
    screen.say(f"{len(done.attachments)} pictures are in {out}/")
    screen.table("Starting", [(name, _ms(seconds)) for name, seconds in stack.started.items()])
    screen.table("The request", _rows(asked, timeline, elapsed))
    return True


async def _ask(sandbox: SandboxClient) -> tuple[Interaction, Message]:
    await sandbox.wait_commands()
    asked = await sandbox.slash(CHANNEL, PERSON, "imagine", {"prompt": PROMPT}, timeout=_ANSWER)
    if not asked.answered or asked.message_id is None:
        raise SmokeError("the bot did not answer within 3 s")
    answer = await sandbox.message(asked.message_id)
    if answer.ephemeral or not answer.buttons:
        raise SmokeError(f"the bot refused: {answer.content}")
    return asked, answer


async def _wait(sandbox: SandboxClient, answer: Message, jobs: Jobs, timeline: JobTimeline) -> Message:
    control = CustomId.parse(str(answer.buttons[0].get("custom_id")))
    if control is None:
        raise SmokeError(f"the answer carries no control of a job: {answer.buttons}")
    try:
        await asyncio.wait_for(timeline.follow(jobs, control.job), _PICTURES)
    except TimeoutError:
        raise SmokeError(f"no pictures after {_PICTURES:.0f} s") from None
    done = await sandbox.message(answer)  # a job counts as posted once Discord has taken its pictures
    if timeline.job is None or len(done.attachments) != timeline.job.request.count:
        cause = timeline.job.cause if timeline.job else None
        why = unabridged(cause) if cause else f"the message says: {done.content}"
        raise SmokeError(f"{len(done.attachments)} pictures came; {why}")
    return done


def _check_and_save(picture: bytes, attachment: Attachment, job: Job, index: int, out: Path) -> None:
    """A picture counts when it decodes, has the size asked for, and says how it was made."""
    name = attachment.filename
    try:
        with Image.open(io.BytesIO(picture), formats=("PNG",)) as image:
            image.load()
            size = image.size
    except (UnidentifiedImageError, OSError) as error:
        raise SmokeError(f"{name} is not a PNG: {error}") from error
    if size != (job.request.width, job.request.height):
        raise SmokeError(f"{name} is {size[0]} × {size[1]}, not {job.request.width} × {job.request.height}")
    found = recipe.read(picture)
    if found is None or found.request != job.request or found.index != index:
        raise SmokeError(f"{name} does not hold the recipe of picture {index + 1} of this request")
    out.mkdir(parents=True, exist_ok=True)
    (out / name).write_bytes(picture)


def _rows(asked: Interaction, timeline: JobTimeline, elapsed: float) -> list[tuple[str, str]]:
    at, job = timeline.at, timeline.job
    rows = [("first answer to the person", _ms((asked.first_answer_ms or 0) / 1000))]
    spans = (("admission → claim", None, "claimed"), ("claim → rendered", "claimed", "rendered"),
             ("rendered → posted", "rendered", "posted"))  # fmt: skip
    for label, since, until in spans:
        if until in at:
            rows.append((label, _ms(at[until] - (at.get(since, 0.0) if since else 0.0))))
        if until == "rendered" and job and job.result:
            rows += [(f"    engine: {phase}", _ms(ms / 1000)) for phase, ms in job.result.timings.items()]
    if "step" in at:
        rows.insert(2, ("admission → first progress seen", _ms(at["step"])))
    return [*rows, ("command → pictures, as the person sees it", _ms(elapsed))]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"
