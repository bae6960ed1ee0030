"""How fast the bot answers while a flood comes in: `python -m tests.load.commands`.

Starts everything that `make demo` starts, sends slash commands at a steady rate whether or not earlier ones were
answered, and prints how long the first answers took, as Discord's stand-in saw it. Exits 1 when one was lost.
`--press-every 2` has every second one be a press below a finished result, of each verb there in turn.
"""

# ruff: noqa: T201 - printing is what this script is for
import argparse
import asyncio
import io
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from deploy.sandbox.client import Interaction, Message, SandboxClient, file
from tests.e2e.local import running
from worker.contract.message.verbs import Verb

PEOPLE = ("ada", "max", "bea", "cem", "dua", "eli")
CHANNELS = ("Studio/gallery", "Atelier/gallery", "Night Lab/gallery")
WIDE = {
    "EASEL_CAP_PERSON": "100000", "EASEL_CAP_SERVER": "100000", "EASEL_CAP_TOTAL": "100000",
    "EASEL_RATE_PERSON": "0", "EASEL_RATE_SERVER": "0",
}  # fmt: skip
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
START = 120.0  # seconds for a first result, on a machine that is busy
SETTLE = 10.0  # seconds after which an unanswered interaction has failed for good


async def flood(
    client: SandboxClient, rate: float, seconds: float, every: int, press_every: int = 0
) -> list[Interaction]:
    """Send at `rate` a second for so long.

    Args:
        every: one in so many begins with a picture; 0: none.
        press_every: one in so many is a press below a result that is there; 0: none.

    Returns the interactions once each was answered or has failed.
    """
    photo = file("photo.png", noise(1024, 768)) if every else None
    pressed = await results(client) if press_every else []
    begun = time.monotonic()
    sent = []
    for number in range(round(rate * seconds)):
        await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
        if press_every and number % press_every == 0:
            message, button = pressed[number // press_every % len(pressed)]
            sent.append(asyncio.create_task(client.press(message, button, PEOPLE[number % len(PEOPLE)], wait=False)))
            continue
        person, channel = PEOPLE[number % len(PEOPLE)], CHANNELS[number % len(CHANNELS)]
        options: dict[str, object] = {"prompt": f"apple number {number}", "count": 1, "steps": 10}
        if every and number % every == 0:
            options["image"] = photo
        sent.append(asyncio.create_task(client.slash(channel, person, "imagine", options, wait=False)))
    made = await asyncio.gather(*sent)
    print(f"sent {len(made)} commands in {time.monotonic() - begun:.1f} s")
    return [await client.wait_interaction(each, timeout=SETTLE) for each in made]


async def results(client: SandboxClient) -> list[tuple[Message, str]]:
    """A draft of four pictures and a single one, each with the ids of the buttons below it that stay as they are."""
    found = []
    for count in (4, 1):
        asked = await client.slash(CHANNELS[0], PEOPLE[0], "imagine", {"prompt": "an owl --draft", "count": count})
        message = await client.wait_message(CHANNELS[0], answers(asked, count), START)
        message = await client.message(message)
        ids = [str(each["custom_id"]) for each in message.buttons]
        found += [(message, each) for each in ids if f":{Verb.UPSCALE}:" not in each]  # those change once they are used
    return found


def answers(asked: Interaction, pictures: int) -> Callable[[Message], bool]:
    """Whether a message is the answer to this, with so many pictures."""
    return lambda each: each.interaction_id == asked.id and len(each.attachments) == pictures


def noise(width: int, height: int) -> bytes:
    """A PNG as large as such a picture gets."""
    out = io.BytesIO()
    Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3)).save(out, "PNG")
    return out.getvalue()


def report(done: Sequence[Interaction]) -> int:
    """Print the figures; returns how many were never answered."""
    times = sorted(each.first_answer_ms for each in done if each.first_answer_ms is not None)
    lost = sum(not each.answered for each in done)
    print(f"answered {len(times)}, deferred {sum(each.answer_type == 5 for each in done)}, lost {lost}")
    if times:
        shown = {name: times[min(len(times) - 1, int(share * len(times)))] for name, share in SHARES.items()}
        print("first answer: " + " · ".join(f"{name} {value:.0f} ms" for name, value in shown.items()))
    return lost


async def play(page: str, rate: float, seconds: float, every: int, press_every: int) -> int:
    async with SandboxClient.connect(page) as client:
        await client.wait_bot()
        await client.wait_commands()
        return report(await flood(client, rate, seconds, every, press_every))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.commands", description=__doc__)
    parser.add_argument("--rate", type=float, default=20.0, help="commands a second (20)")
    parser.add_argument("--seconds", type=float, default=30.0, help="for how long (30)")
    parser.add_argument("--picture-every", type=int, default=0, help="one in so many begins with a picture (none)")
    parser.add_argument("--press-every", type=int, default=0, help="one in so many is a press below a result (none)")
    parser.add_argument("--engine", choices=("fake", "real"), default="fake", help="what draws meanwhile (fake)")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="easel-load-") as folder,
        running(Path(folder), arguments.engine, WIDE) as local,
    ):
        asked = arguments
        flooded = play(local.page, asked.rate, asked.seconds, asked.picture_every, asked.press_every)
        return min(1, asyncio.run(flooded))


if __name__ == "__main__":
    sys.exit(main())
