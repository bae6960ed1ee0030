"""What Prometheus reads of a living Easel: everything that dashboards need, and nobody's name or id."""

import re
from itertools import chain

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.local import DEADLINE, Local
from tests.e2e.person import CHANNEL, Easel
from worker.contract.metrics.table import BOT, WORKER, MetricKind
from worker.contract.types.job import State

LABELS = {"kind", "le", "verb", "reason", "status", "model", "part", "outcome", "scope", "phase"}
ODD = 'Zoë "}{ 42\\n <@123456789012345678> easel_evil{a="b"} 1'


async def _scraped(local: Local) -> dict[str, str]:
    found = {}
    async with aiohttp.ClientSession() as session:
        for variable, port in local.metrics.items():
            async with session.get(f"http://127.0.0.1:{port}/metrics") as answer:
                found[variable] = await answer.text()
    return found


def _samples(text: str) -> list[tuple[str, dict[str, str], float]]:
    return [
        (each.name, each.labels, each.value)
        for family in text_string_to_metric_families(text)
        for each in family.samples
    ]


def _sum(texts: dict[str, str], name: str, **labels: str) -> float:
    every = chain.from_iterable(map(_samples, texts.values()))
    return sum(value for each, has, value in every if each == name and labels.items() <= has.items())


async def test_what_was_played_is_counted_and_nobody_is_named(easel: Easel, fake_local: Local) -> None:
    before = await _scraped(fake_local)
    asked = await easel.ask(f"a fox {ODD}", count=2)
    await easel.once(asked, pictures=2)
    await easel.reaches(asked.job, State.POSTED)
    await easel.sandbox.slash("no-files", "Bea", "imagine", {"prompt": ODD}, timeout=DEADLINE)
    await easel.sandbox.slash(CHANNEL, "Bea", "imagine", {"prompt": "x", "model": ODD[:60]}, timeout=DEADLINE)
    after = await _scraped(fake_local)

    def more(name: str, **labels: str) -> float:
        return _sum(after, name, **labels) - _sum(before, name, **labels)

    assert more("easel_bot_admissions_total", verb="imagine") == 1
    assert more("easel_bot_answers_total", kind="message") >= 3
    assert more("easel_bot_answer_seconds_count") >= 3
    assert more("easel_bot_refusals_total", reason="missing_permissions") == 1
    assert more("easel_bot_refusals_total") == 2
    assert more("easel_slot_attempts_total", outcome="rendered") == 1
    assert more("easel_slot_wait_seconds_count") == 1
    assert more("easel_poster_posts_total", outcome="posted") == 1
    assert more("easel_poster_discord_requests_total", status="2xx") >= 1
    assert more("easel_engine_pictures_total") == 2
    assert more("easel_engine_steps_total") > 0
    assert more("easel_engine_rows_per_call_count") > 0
    assert more("easel_engine_busy_seconds_total") > 0
    assert _sum(after, "easel_workers_alive") == 1
    for part in ("engine", "slot", "poster", "supervisor"):
        assert _sum(after, "easel_worker_memory_bytes", part=part) > 2**20, part
    _bounded(after, [str(asked.message.id), str(asked.message.channel_id), asked.job, "Bea", "fox", "evil", "Zo"])


def _bounded(texts: dict[str, str], never: list[str]) -> None:
    for text in texts.values():
        families = {family.name for family in text_string_to_metric_families(text)}
        assert families
        for name, labels, _ in _samples(text):
            assert set(labels) <= LABELS, name
            for value in labels.values():
                assert not re.search(r"\d{5}", value), (name, labels)
                assert not any(word in value for word in never), (name, labels)


async def test_every_metric_of_the_table_is_served(fake_local: Local) -> None:
    texts = await _scraped(fake_local)
    for variable, table in (("EASEL_BOT_METRICS", BOT), ("EASEL_WORKER_METRICS", WORKER)):
        for each in table:
            kind = MetricKind(each.kind)
            assert f"# TYPE {each.name} {kind}\n" in texts[variable]
