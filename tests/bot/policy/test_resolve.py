"""min(ceiling, channel, max(server, the member's roles)), for whatever is set."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.layers import GRANT, OPERATOR, SERVER, TIER, Layer, LayerKind, Value
from bot.limit_errors import Blocked, Paused
from bot.policy.ceilings import Bounds, Ceilings
from bot.policy.limits import Policy
from bot.policy.resolve import LISTS, NUMBERS, TOGETHER, resolve
from worker.contract.types.operator_settings import OfServer, OperatorSettings
from worker.contract.types.server_settings import (
    Block,
    ChannelSettings,
    Grant,
    Limits,
    ServerSettings,
    Together,
    Usual,
)

PERSON, PLACE, NOW = 7, 5, 1000
NAMES = ("a", "b", "c")
some = st.none() | st.integers(1, 9)
lists = st.none() | st.lists(st.sampled_from(NAMES), max_size=3).map(tuple)
limits = st.builds(Limits.model_construct, **dict.fromkeys(NUMBERS, some), **dict.fromkeys(LISTS, lists))
together = st.builds(Together, **dict.fromkeys(TOGETHER, some))
roles = st.dictionaries(st.integers(1, 9), limits, max_size=3)
channels = st.none() | st.builds(ChannelSettings, limits=limits)
bounds = st.builds(Bounds, each=limits, together=together, unset=limits)
ceilings = st.builds(Ceilings, bounds=bounds, tiers=st.just({}) | st.fixed_dictionaries({"gold": bounds}))
grants = st.just({}) | st.builds(Grant, pictures=st.integers(1, 9), until=st.integers(NOW - 1, NOW + 1)).map(
    lambda grant: {PERSON: grant}
)
servers = st.builds(ServerSettings, each=limits, together=together, grants=grants)
operators = st.sampled_from([OperatorSettings(), OperatorSettings(servers={str(PLACE): OfServer(tier="gold")})])
WORLD = {"most": ceilings, "server": servers, "channel": channels, "member": roles, "operator": operators}


def policy(
    most: Ceilings, server: ServerSettings, channel: ChannelSettings | None, member: dict, operator: OperatorSettings
) -> Policy:
    return resolve(most, server, channel, member, PERSON, operator=operator, place=PLACE, now=NOW)


def number(found: Policy, name: str) -> float:
    value = found.each.get(name)
    return value.value if value else float("inf")


def allowed(found: Policy, name: str) -> set[str]:
    value = found.each.get(name)
    return set(value.value if value else NAMES)


def at_most_as_much(one: Policy, other: Policy) -> bool:
    return all(number(one, name) <= number(other, name) for name in NUMBERS) and all(
        allowed(one, name) <= allowed(other, name) for name in LISTS
    )


@given(**WORLD)
def test_nothing_is_ever_above_a_ceiling(**world: Any) -> None:
    found = policy(**world)
    top = world["most"].of(world["operator"].of(PLACE).tier)
    for name in NUMBERS:
        assert number(found, name) <= (getattr(top.each, name) or float("inf"))
    for name in LISTS:
        assert allowed(found, name) <= set(NAMES if getattr(top.each, name) is None else getattr(top.each, name))
    for name in TOGETHER:
        most = getattr(top.together, name)
        assert most is None or found.together[name].value <= most


@given(**WORLD, role=st.integers(10, 19), more=limits)
def test_a_role_never_lowers(role: int, more: Limits, **world: Any) -> None:
    with_it = world | {"member": world["member"] | {role: more}}
    assert at_most_as_much(policy(**world), policy(**with_it))


@given(**WORLD)
def test_a_channel_never_raises(**world: Any) -> None:
    assert at_most_as_much(policy(**world), policy(**world | {"channel": None}))


@given(**WORLD, seed=st.randoms())
def test_the_order_of_roles_does_not_matter(seed: Any, **world: Any) -> None:
    others = list(world["member"].items())
    seed.shuffle(others)
    assert policy(**world) == policy(**world | {"member": dict(others)})


@given(**WORLD)
def test_every_value_is_what_its_layer_says(**world: Any) -> None:
    found = policy(**world)
    top = world["most"].of(world["operator"].of(PLACE).tier)
    for name in NUMBERS:
        if (value := found.each.get(name)) is None:
            continue
        match value.layer.kind:
            case LayerKind.SERVER:
                said = {getattr(world["server"].each, name)}
            case LayerKind.ROLE:
                said = {getattr(world["member"][value.layer.id], name)}
            case LayerKind.CHANNEL:
                said = {getattr(world["channel"].limits, name)}
            case LayerKind.GRANT:
                assert name == "day_pictures"
                continue
            case _:
                said = {getattr(top.each, name), getattr(top.unset, name)}
        assert value.value in said


def three(**each: Any) -> ServerSettings:
    return ServerSettings(each=Limits(at_once=3, **each))


TEN = Ceilings(bounds=Bounds(each=Limits(at_once=10, day_pictures=500), unset=Limits(at_once=2)))
GOLD = Ceilings(bounds=TEN.bounds, tiers={"gold": Bounds(each=Limits(at_once=40))})
IN_GOLD = OperatorSettings(servers={str(PLACE): OfServer(tier="gold")})
BOOSTER, PATRON = Layer(LayerKind.ROLE, 21), Layer(LayerKind.ROLE, 22)
AT_ONCE = {
    "nothing set": (TEN, ServerSettings(), None, {}, Value(2, OPERATOR)),
    "the server's": (TEN, three(), None, {}, Value(3, SERVER)),
    "of no server": (Ceilings(), ServerSettings(), None, {}, None),
    "a role's": (TEN, three(), None, {21: Limits(at_once=8)}, Value(8, BOOSTER)),
    "the highest role's": (TEN, three(), None, {21: Limits(at_once=8), 22: Limits(at_once=9)}, Value(9, PATRON)),
    "a role that has less": (TEN, three(), None, {21: Limits(at_once=1)}, Value(3, SERVER)),
    "a role where nothing is set": (TEN, ServerSettings(), None, {21: Limits(at_once=8)}, Value(8, BOOSTER)),
    "the channel's": (TEN, three(), 2, {21: Limits(at_once=8)}, Value(2, Layer(LayerKind.CHANNEL))),
    "a channel that has more": (TEN, three(), 9, {}, Value(3, SERVER)),
    "the ceiling": (TEN, three(), None, {21: Limits(at_once=80)}, Value(10, OPERATOR)),
    "the tier's": (GOLD, three(), None, {21: Limits(at_once=80)}, Value(40, TIER)),
}


@pytest.mark.parametrize("kind", AT_ONCE)
def test_each_value_says_where_it_comes_from(kind: str) -> None:
    most, server, channel, member, value = AT_ONCE[kind]
    operator = IN_GOLD if most is GOLD else OperatorSettings()
    lowered = ChannelSettings(limits=Limits(at_once=channel)) if channel else None
    assert policy(most, server, lowered, member, operator).each.get("at_once") == value


@pytest.mark.parametrize(
    ("until", "member", "channel", "value"),
    [
        (NOW + 1, {}, None, Value(60, GRANT)),
        (NOW, {}, None, Value(50, SERVER)),
        (NOW + 1, {21: Limits(day_pictures=100)}, None, Value(110, GRANT)),
        (NOW + 1, {21: Limits(day_pictures=499)}, None, Value(500, OPERATOR)),
        (NOW + 1, {}, ChannelSettings(limits=Limits(day_pictures=5)), Value(5, Layer(LayerKind.CHANNEL))),
    ],
)
def test_a_grant_adds_to_the_day_until_its_end(until: int, member: dict, channel: Any, value: Value) -> None:
    server = ServerSettings(each=Limits(day_pictures=50), grants={PERSON: Grant(pictures=10, until=until)})
    assert policy(TEN, server, channel, member, OperatorSettings()).each["day_pictures"] == value


MODELS = [
    (None, {}, None, None, None),
    (("a",), {}, None, None, Value(("a",), SERVER)),
    (("a",), {21: ("b",), 22: ("b", "c")}, None, None, Value(("a", "b", "c"), BOOSTER)),
    (None, {21: ("b",)}, None, None, None),
    (("a", "b"), {}, ("b",), None, Value(("b",), Layer(LayerKind.CHANNEL))),
    (("a",), {21: ("b",)}, None, ("a",), Value(("a",), OPERATOR)),
    (("a",), {}, ("b",), None, Value((), Layer(LayerKind.CHANNEL))),
]


@pytest.mark.parametrize(("own", "member", "channel", "top", "value"), MODELS)
def test_lists_of_roles_are_added_and_those_of_others_narrow(own, member, channel, top, value) -> None:
    found = policy(
        Ceilings(bounds=Bounds(each=Limits(models=top))),
        ServerSettings(each=Limits(models=own)),
        ChannelSettings(limits=Limits(models=channel)),
        {role: Limits(models=more) for role, more in member.items()},
        OperatorSettings(),
    )
    assert found.each.get("models") == value


BY_ADMIN, BY_OPERATOR = Block(by=1, why="spam"), Block(by=0, why="fraud")
SHUT = {
    "open": (ServerSettings(blocked={8: BY_ADMIN}), OperatorSettings(blocked={8: BY_OPERATOR}), None),
    "blocked by admins": (ServerSettings(blocked={PERSON: BY_ADMIN}, paused="x"), {}, Blocked(SERVER, "spam")),
    "by the operator": (ServerSettings(paused="x"), {"blocked": {PERSON: BY_OPERATOR}}, Blocked(OPERATOR, "fraud")),
    "a blocked server": (
        ServerSettings(), {"servers": {str(PLACE): OfServer(blocked="unpaid")}},
        Blocked(OPERATOR, "unpaid", whole_server=True),
    ),
    "another server is blocked": (ServerSettings(), {"servers": {"6": OfServer(blocked="unpaid")}}, None),
    "paused by admins": (ServerSettings(paused=""), {}, Paused(SERVER, "")),
    "paused by the operator": (ServerSettings(paused="x"), {"paused": "repairs"}, Paused(OPERATOR, "repairs")),
}  # fmt: skip


@pytest.mark.parametrize("kind", SHUT)
def test_who_may_ask_for_nothing(kind: str) -> None:
    server, operator, shut = SHUT[kind]
    found = policy(Ceilings(), server, None, {}, OperatorSettings.model_validate(operator))
    assert (type(found.shut), vars(found.shut or object)) == (type(shut), vars(shut or object))


def test_what_is_usual_comes_from_the_nearest_layer() -> None:
    most = Ceilings(usual=Usual(pictures=4), model="Starter")
    server = ServerSettings(usual=Usual(steps=30, pictures=2, model="sdxl"), results_to=1)
    channel = ChannelSettings(usual=Usual(steps=20), results_to=2)
    found = policy(most, server, channel, {}, OperatorSettings())
    assert (found.usual, found.model, found.results_to) == (Usual(steps=20, pictures=2, model="sdxl"), "sdxl", 2)
    bare = policy(most, ServerSettings(), None, {}, OperatorSettings())
    assert (bare.usual, bare.model, bare.results_to) == (Usual(pictures=4), "Starter", None)
    assert replace(found, shut=None) == found
