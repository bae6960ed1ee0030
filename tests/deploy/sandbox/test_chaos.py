"""Chaos: bounded, told, and the same for the same seed."""

from typing import Any

import aiohttp
import pytest

from deploy.sandbox.client import SandboxClient, SandboxError
from deploy.sandbox.faults.chaos import CALLS, EVENTS, RATES, Chaos
from deploy.sandbox.server import Sandbox
from tests.deploy.sandbox.parts import Api, Bot, Connect

Call = tuple[str, str]
ROUTES: list[Call] = [("GET", "/users/@me"), ("POST", "/channels/{channel}/messages"), ("GET", "/cdn")]


def run(seed: str, calls: list[Call], **how: Any) -> list[tuple[Any, ...]]:
    chaos = Chaos()
    chaos.start(seed, **how)
    for method, route in calls:
        chaos.call(method, route)
    return [(each["where"], each["nth"], each["kind"], each["what"]) for each in chaos.facts()["log"]]


def test_the_same_seed_decides_the_same() -> None:
    calls = ROUTES * 300
    assert run("7", calls) == run("7", calls)
    assert run("7", calls) != run("8", calls)


def test_what_happens_elsewhere_changes_nothing() -> None:
    alone = run("7", [ROUTES[1]] * 300)
    assert [each for each in run("7", ROUTES * 300) if each[0] == "POST /channels/{channel}/messages"] == alone


def test_kinds_come_about_as_often_as_asked() -> None:
    done = run("7", [ROUTES[0]] * 4_000, rates={"slow": 0.2, "truncated": 0.0})
    kinds = [each[2] for each in done]
    assert 700 < kinds.count("slow") < 900
    assert "truncated" not in kinds
    assert set(kinds) == set(CALLS) - {"truncated"}


def test_intensity_multiplies() -> None:
    assert run("7", ROUTES * 300, intensity=0) == []
    assert len(run("7", ROUTES * 300, intensity=4)) > 2 * len(run("7", ROUTES * 300))


async def test_wrong_rates_are_refused(sandbox: SandboxClient) -> None:
    for rates, field in (({"boom": 0.1}, "boom"), ({"slow": 2}, "slow"), ({"slow": "x"}, None), ({"slow": 0.9}, None)):
        with pytest.raises(SandboxError) as caught:
            await sandbox.chaos(1, rates=rates)  # type: ignore[arg-type]
        told = caught.value.errors["rates"]
        assert list(told) == [field or "_errors"]
    with pytest.raises(SandboxError):
        await sandbox.chaos(1, intensity=100)
    assert await sandbox.chaos_so_far() == {"running": False}


async def test_it_is_told_and_ends(api: Api, sandbox: SandboxClient) -> None:
    only = dict.fromkeys(RATES, 0.0) | {"server_error": 0.9}
    begun = await sandbox.chaos(1, rates=only, seconds=600)
    assert (begun["running"], begun["seed"], begun["done"]) == (True, "1", {})
    found = [(await api("GET", "/users/@me"))[0] for _ in range(10)]
    told = await sandbox.stop_chaos()
    assert told["done"]["server_error"] == sum(each != 200 for each in found) > 0
    assert told["looked_at"] == 10
    assert [int(each["what"][:3]) for each in told["log"]] == [each for each in found if each != 200]
    assert [each["nth"] for each in told["log"]] == [n for n, each in enumerate(found, 1) if each != 200]
    assert (await api("GET", "/users/@me"))[0] == 200
    assert (await sandbox.chaos_so_far())["running"] is False
    await sandbox.chaos(1, rates=only, seconds=0)
    assert (await api("GET", "/users/@me"))[0] == 200


@pytest.mark.parametrize("kind", CALLS)
async def test_each_kind_happens_to_calls(api: Api, sandbox: SandboxClient, kind: str) -> None:
    await sandbox.chaos(5, rates=dict.fromkeys(RATES, 0.0) | {kind: 0.9})
    while not (told := await sandbox.chaos_so_far())["done"]:
        try:
            await api.raw("GET", "/users/@me")
        except aiohttp.ClientError:
            assert kind in ("dropped_before", "dropped_after", "truncated")
    assert set(told["done"]) == {kind}  # perhaps twice: aiohttp tries a dropped GET again


@pytest.mark.parametrize("kind", EVENTS)
async def test_each_kind_happens_to_a_real_client_which_comes_back(
    box: Sandbox, connect: Connect, sandbox: SandboxClient, kind: str
) -> None:
    bot = await connect(Bot())
    said = await sandbox.say("gallery", "Bea", "react to me")
    await bot.next("message")
    await sandbox.chaos(4, rates=dict.fromkeys(RATES, 0.0) | {kind: 0.9})
    emoji = iter("🍎🍏🍐🍊🍋🍌🍉🍇🍓")
    while not (await sandbox.chaos_so_far())["done"]:
        await sandbox.react(said, next(emoji), "Bea")
    await sandbox.stop_chaos()
    await sandbox.wait_bot()
    await sandbox.react(said, "🔁", "Bea")
    while str((await bot.next("reaction")).emoji) != "🔁":
        pass
