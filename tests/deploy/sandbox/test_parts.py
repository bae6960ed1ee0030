"""The parts that need no bot: clock, ids, permissions, files, names, the command line."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest

from deploy.sandbox import permissions
from deploy.sandbox.client import SandboxClient, SandboxError
from deploy.sandbox.permissions import Permission
from deploy.sandbox.serialise import created_at
from deploy.sandbox.server import Sandbox, serve
from deploy.sandbox.state import defaults
from deploy.sandbox.state.clock import Clock
from deploy.sandbox.state.files import dimensions
from deploy.sandbox.state.ids import Snowflakes
from deploy.sandbox.state.model import Overwrite
from tests.deploy.sandbox.parts import RED


async def test_timers_follow_jumps_and_scale() -> None:
    clock, fired = Clock(), asyncio.Event()
    order: list[str] = []

    def later() -> None:
        order.append("later")
        fired.set()

    clock.call_later(3600, later)
    clock.call_later(60, lambda: order.append("sooner"))
    before = clock.now()
    clock.jump(1800)
    assert clock.now() - before >= 1800
    clock.set_scale(10_000)
    await asyncio.wait_for(fired.wait(), 10)
    assert order == ["sooner", "later"]
    with pytest.raises(ValueError, match="cannot go back"):
        clock.jump(-1)
    with pytest.raises(ValueError, match="scale"):
        clock.set_scale(0)


def test_snowflakes_grow_and_tell_the_time() -> None:
    clock = Clock()
    ids = Snowflakes(clock)
    made = [ids.next() for _ in range(5000)]
    assert sorted(set(made)) == made
    assert abs(created_at(made[0]) - clock.now()) < 60


def test_the_default_world_is_the_same_every_time() -> None:
    first, second = defaults.build(), defaults.build()
    assert list(first.channels) == list(second.channels)
    assert list(first.users) == list(second.users)
    everything = [*first.channels, *first.users, *(role for guild in first.guilds.values() for role in guild.roles)]
    # An @everyone role shares its server's id; nothing else is shared.
    assert len(set(everything)) == len(everything)


def test_permissions_add_up_as_documented() -> None:
    world = defaults.build()
    guild = next(iter(world.guilds.values()))
    people = {user.display: user.id for user in world.people}
    channel = next(each for each in guild.channels.values() if each.name == "gallery")
    send, attach = int(Permission.SEND_MESSAGES), int(Permission.ATTACH_FILES)
    assert permissions.in_channel(guild, people["Ada"], channel) == permissions.ALL
    channel.overwrites[guild.id] = Overwrite(guild.id, 0, deny=send | attach)
    assert not permissions.in_channel(guild, people["Bea"], channel) & (send | attach)
    moderator = next(role.id for role in guild.roles.values() if role.name == "Moderator")
    channel.overwrites[moderator] = Overwrite(moderator, 0, allow=send)
    assert permissions.in_channel(guild, people["Max"], channel) & send
    channel.overwrites[people["Max"]] = Overwrite(people["Max"], 1, deny=send)
    assert not permissions.in_channel(guild, people["Max"], channel) & send
    channel.overwrites[people["Bea"]] = Overwrite(people["Bea"], 1, allow=attach)
    assert not permissions.in_channel(guild, people["Bea"], channel) & attach  # not without sending
    assert permissions.in_channel(guild, people["Bea"], channel, gated=False) & attach
    channel.overwrites[guild.id] = Overwrite(guild.id, 0, deny=int(Permission.VIEW_CHANNEL))
    assert permissions.in_channel(guild, people["Cem"], channel) == 0
    assert permissions.in_channel(guild, 5, channel) == 0


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (RED, (64, 64)), (b"GIF89a\x05\x00\x07\x00rest", (5, 7)),
        (b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\x03\0\0\x04\0\0", (4, 5)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x09\x00\x0a\x03rest", (10, 9)),
        (b"plain text", None), (b"\x89PNG\r\n\x1a\n", None),
    ],
)  # fmt: skip
def test_picture_sizes_are_read_from_headers(content: bytes, size: tuple[int, int] | None) -> None:
    assert dimensions(content) == size


async def test_names_are_looked_up(sandbox: SandboxClient) -> None:
    ids = {(await sandbox.get("/channel", channel=name))["id"] for name in ("gallery", "#gallery", "Studio/gallery")}
    assert len(ids) == 1
    for path, body, code in [
        ("/channel", {"channel": "nowhere"}, 10003), ("/channel", {"channel": "No/gallery"}, 10004),
        ("/messages", {"channel": "gallery", "person": "Zoe"}, 10013), ("/messages/5", {}, 10008),
        ("/interactions/5", {}, 10062), ("/channel", {}, 50035),
    ]:  # fmt: skip
        with pytest.raises(SandboxError) as caught:
            await sandbox.get(path, **body)
        assert caught.value.code == code


async def test_waits_say_what_they_waited_for(sandbox: SandboxClient) -> None:
    with pytest.raises(TimeoutError, match="a message in gallery"):
        await sandbox.wait_message("gallery", timeout=0.01)
    with pytest.raises(TimeoutError, match="the bot"):
        await sandbox.wait_bot(timeout=0.01)


async def test_pages_of_other_sites_cannot_play_people(sandbox: SandboxClient, box: Sandbox) -> None:
    with pytest.raises(SandboxError, match="own page"):
        await sandbox.call("POST", "/reset", headers={"Origin": "http://evil.example"})
    await sandbox.call("POST", "/reset", headers={"Origin": box.base_url})


async def test_many_servers_over_shards(sandbox: SandboxClient, box: Sandbox) -> None:
    await sandbox.post("/guilds", count=40)
    made = await sandbox.post("/people", count=2)
    assert len(box.world.guilds) == 43
    assert all(int(each["id"]) in guild.members for each in made for guild in box.world.guilds.values())
    shards = [sum((guild >> 22) % 4 == shard for guild in box.world.guilds) for shard in range(4)]
    assert min(shards) > 0


async def test_the_command_line(tmp_path: Path) -> None:
    facts = tmp_path / "info.json"
    arguments = ["-m", "deploy.sandbox", "--token", "MQ.x.y", "--info", str(facts)]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(30):
        printed = dict([(await process.stdout.readline()).decode().split() for _ in range(6)])
    assert printed == json.loads(facts.read_text())
    assert printed["token"] == "MQ.x.y"
    async with SandboxClient.connect(printed["page"]) as client:
        assert (await client.world())["guilds"][0]["name"] == "Studio"
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 15) == 0


async def test_a_taken_port_is_said_in_one_line(box: Sandbox) -> None:
    port = box.base_url.rsplit(":", 1)[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.sandbox", "--port", port, stderr=asyncio.subprocess.PIPE
    )
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert said.decode().startswith(f"The sandbox cannot listen on port {port}:")
    assert said.count(b"\n") == 1


async def test_two_sandboxes_live_side_by_side() -> None:
    async with serve(Sandbox()) as one, serve(Sandbox()) as two:
        assert one.base_url != two.base_url
