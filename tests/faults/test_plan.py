"""A storm follows from its seed, and leaves nothing out."""

from collections.abc import Collection

from tests.faults.deeds import DEEDS, Then
from tests.faults.lives import TAG
from tests.faults.plan import ABILITIES, FAULTS, REFUSALS, ROLES_OF_HOST, Blow, Plan, abilities, draw

PEOPLE, PLACES = ("Ada", "Bea", "Cem"), ("Studio/gallery", "dm")


def plan(seed: int, seconds: float = 600.0, able: Collection[str] = ABILITIES) -> Plan:
    return draw(
        seed, seconds, 200, people=PEOPLE, places=PLACES, doomed="Atelier/gallery", hosts=("north", "south"), lease=3.0,
        able=able,
    )  # fmt: skip


def test_the_same_seed_draws_the_same_storm() -> None:
    assert plan(1) == plan(1)
    assert plan(1) != plan(2)


def test_every_kind_of_blow_falls() -> None:
    strikes = plan(1).strikes
    assert {each.blow for each in strikes} == set(Blow)
    assert {each.target for each in strikes if each.blow is Blow.KILL} == {*ROLES_OF_HOST, "bot", "valkey"}
    assert {dict(each.how)["kind"] for each in strikes if each.blow is Blow.FAULT} == {*FAULTS, *REFUSALS}
    assert {each.host for each in strikes} == {"", "north", "south"}


def test_what_an_easel_cannot_bear_yet_is_left_out() -> None:
    strikes = plan(1, able=()).strikes
    assert not {Blow.ARCHIVE, Blow.CLOCK} & {each.blow for each in strikes}
    assert {dict(each.how)["kind"] for each in strikes if each.blow is Blow.FAULT} == set(FAULTS)
    assert abilities() <= set(ABILITIES)


def test_pauses_of_workers_outlast_the_lease() -> None:
    paused = [each for each in plan(1).strikes if each.blow is Blow.PAUSE and each.host]
    assert all(each.seconds > 3.0 for each in paused)


def test_people_are_many_and_do_something_with_what_they_get() -> None:
    asks = plan(1).asks
    assert {each.person for each in asks} == set(PEOPLE)
    assert {each.then for each in asks} == set(Then) == set(DEEDS)
    assert 0.1 < sum(each.begins for each in asks) / len(asks) < 0.3
    assert {each.follows for each in asks} == {"", "guide", "style"}
    assert any(each.begins and each.follows for each in asks)
    assert len({(each.prompt, each.seed) for each in asks}) == 200
    tags = [found[0] for each in asks for text in (each.prompt, each.edited) if (found := TAG.search(text))]
    assert len(set(tags)) == 400
    assert all(each.place == f"dm:{each.person}" for each in asks if each.place.startswith("dm"))
