"""What a board lets pass, and what it never shows."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from worker.contract.metrics.board import OTHER, Board
from worker.contract.metrics.table import BOT, WORKER, Metric, MetricKind, status

ALL = (*BOT, *WORKER)


def _samples(board: Board) -> dict[tuple[str, str], float]:
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(board.text())
        for sample in family.samples
    }


def _tell(board: Board, metric: Metric, value: str) -> None:
    tell = {MetricKind.COUNTER: board.count, MetricKind.GAUGE: board.set, MetricKind.HISTOGRAM: board.observe}[
        metric.kind
    ]
    tell(metric.name, 1.0, **dict.fromkeys(metric.labels, value))


def test_names_are_what_prometheus_calls_well_formed() -> None:
    for each in ALL:
        assert re.fullmatch(r"easel_[a-z_]+", each.name)
        assert each.name.endswith("_total") == (each.kind is MetricKind.COUNTER), each.name
        assert bool(each.buckets) == (each.kind is MetricKind.HISTOGRAM), each.name
        assert each.help.endswith(".")
    assert len({each.name for each in ALL}) == len(ALL)


def test_what_has_a_closed_set_is_there_from_the_start() -> None:
    board = Board(WORKER)
    assert _samples(board)["easel_slot_attempts_total", "rendered"] == 0
    board.count("easel_slot_attempts_total", outcome="rendered")
    assert _samples(board)["easel_slot_attempts_total", "rendered"] == 1


@settings(deadline=None, max_examples=20)
@given(values=st.lists(st.text(max_size=90) | st.integers(0, 2**64).map(str) | st.emails(), max_size=150))
def test_no_label_holds_what_people_choose_nor_grows_without_end(values: list[str]) -> None:
    """Ids of Discord's are all digits, names may be anything."""
    board = Board(ALL)
    for metric in ALL:
        for value in values if metric.labels else ():
            _tell(board, metric, value)
    shown = {value for (_, value) in _samples(board)}
    assert not any(re.search(r"\d{5}|^\d|\s|[^\x20-\x7e]", value) for value in shown & set(values))
    assert len(_samples(board)) < 100 * len(ALL)


def test_models_beyond_what_a_catalogue_holds_share_a_label() -> None:
    board = Board(BOT)
    board.replace("easel_waiting_jobs", {f"model-{number}": 1.0 for number in range(80)})
    assert ("easel_waiting_jobs", OTHER) in _samples(board)
    assert sum(name == "easel_waiting_jobs" for name, _ in _samples(board)) == 61


def test_a_model_that_nobody_waits_for_any_more_is_at_nothing() -> None:
    board = Board(BOT)
    board.replace("easel_waiting_jobs", {"sdxl": 3.0, "flux": 1.0})
    board.replace("easel_waiting_jobs", {"flux": 2.0})
    found = _samples(board)
    assert (found["easel_waiting_jobs", "sdxl"], found["easel_waiting_jobs", "flux"]) == (0, 2)


def test_what_is_no_metric_of_a_process_passes() -> None:
    board = Board(BOT)
    before = set(_samples(board))
    board.count("easel_slot_attempts_total", outcome="rendered")
    board.count("easel_bot_answers_total", shape="round")
    board.observe("easel_bot_answers_total", 1.0, kind="message")
    assert set(_samples(board)) == before


def test_a_counter_never_shrinks_and_clocks_that_disagree_make_nothing_negative() -> None:
    board = Board(WORKER)
    board.count("easel_worker_reaped_total", -3)
    board.observe("easel_poster_post_seconds", -0.5)
    found = _samples(board)
    assert (found["easel_worker_reaped_total", ""], found["easel_poster_post_seconds_sum", ""]) == (0, 0)


def test_statuses_that_say_something_stand_for_themselves() -> None:
    assert [status(code) for code in (200, 204, 403, 429, 418, 502, 0)] == [
        "2xx", "2xx", "403", "429", "4xx", "5xx", "none",
    ]  # fmt: skip
