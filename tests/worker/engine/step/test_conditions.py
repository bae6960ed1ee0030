"""Texts are encoded once, and remembered within bounds."""

from typing import Any

import pytest

torch = pytest.importorskip("torch")

from worker.engine.step.conditions import Conditions  # noqa: E402


def remembering(**bounds: int) -> tuple[Conditions, list[str]]:
    encoded: list[str] = []

    def encode(text: str) -> dict[str, Any]:
        encoded.append(text)
        return {"text": torch.zeros(len(text))}  # four bytes a letter

    return Conditions(encode, **bounds), encoded


def asked_for(conditions: Conditions, texts: str) -> None:
    for text in texts.split():
        assert len(conditions.of(text)["text"]) == len(text)


def test_a_text_is_encoded_once() -> None:
    conditions, encoded = remembering()
    asked_for(conditions, "a b a b a")
    assert encoded == ["a", "b"]


def test_of_many_the_ones_least_lately_asked_for_are_forgotten() -> None:
    conditions, encoded = remembering(most=2)
    asked_for(conditions, "a b a c a b")
    assert encoded == ["a", "b", "c", "b"]


def test_of_long_ones_fewer_are_remembered_and_the_last_always() -> None:
    conditions, encoded = remembering(most_bytes=16)
    asked_for(conditions, "aa bb aa bb")
    assert encoded == ["aa", "bb"]
    asked_for(conditions, "ccc ccc bb aa longer longer")
    assert encoded == ["aa", "bb", "ccc", "bb", "aa", "longer"]


def test_what_else_a_text_depends_on_counts() -> None:
    conditions, encoded = remembering()
    asked_for(conditions, "a")
    conditions.meaning = "another network"
    asked_for(conditions, "a")
    conditions.meaning = ()
    asked_for(conditions, "a")
    assert encoded == ["a", "a"]
