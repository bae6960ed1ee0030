r"""How a prompt is written for models with CLIP: weights, escapes and breaks, as AUTOMATIC1111's web UI defined them.

    (words)      1.1 times as much attention; ((words)) 1.21 times
    [words]      so much less
    (words:1.3)  1.3 times
    \( \) \[ \]  the sign itself
    BREAK        what follows is read from the beginning of the next part

Models whose texts others read, such as T5, are given the words without these signs.

What is written in another way, such as a bracket that is not closed, or `[cat|dog]`, which changes what is drawn from
step to step, stays as it is and is told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_STEP = 1.1
_MOST = 10.0  # of a weight, either way
_PARTS = re.compile(
    r"(?P<escape>\\[\\()\[\]])|(?P<open>[(\[])|(?P<number>:\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*(?=\)))|(?P<close>[)\]])"
    r"|(?P<rest>[^\\()\[\]:]+|.)",
    re.DOTALL,
)
_BREAK = re.compile(r"\s*\bBREAK\b\s*")
_PAIRS = {"(": ")", "[": "]"}
_EDITS = re.compile(r"[:|]")  # in square brackets: words that change while a picture is drawn
_EYES = (":", ";", "=", ":-", ";-")
_TAG = re.compile(r"<\w+:[^<>]*>")  # such as <lora:name:0.8>


@dataclass(frozen=True)
class Piece:
    """Words of one weight."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True)
class Prompt:
    """A prompt as it is meant.

    Attributes:
        parts: at least one; each begins anew, and consists of pieces.
        odd: whether something in it looks like a sign and is none.
    """

    parts: tuple[tuple[Piece, ...], ...]
    odd: bool = False

    @property
    def plain(self) -> str | None:
        """Its words, where all weigh the same and nothing breaks them; else None."""
        if len(self.parts) > 1 or any(piece.weight != 1 for piece in self.parts[0]):
            return None
        return "".join(piece.text for piece in self.parts[0])

    @property
    def words(self) -> str:
        """All of its words, of whatever weight, without any sign."""
        return " ".join("".join(piece.text for piece in part) for part in self.parts if part)


def parse(prompt: str) -> Prompt:
    """Read the signs of a prompt. Every text is one."""
    found = [(match.lastgroup or "rest", match[0]) for match in _PARTS.finditer(prompt)]
    closes = _pairs(found)
    pieces = list(_pieces(found, closes))
    parts: list[list[Piece]] = [[]]
    for piece in pieces:
        for number, text in enumerate(_BREAK.split(piece.text)):
            if number:
                parts.append([])
            if text:
                parts[-1].append(Piece(text, piece.weight))
    odd = bool(_TAG.search(prompt)) or _odd_bracket(found, {*closes, *closes.values()})
    return Prompt(tuple(tuple(part) for part in parts), odd)


def _odd_bracket(found: list[tuple[str, str]], used: set[int]) -> bool:
    """Whether some bracket means nothing, and is no face such as :) either."""
    return any(
        kind in {"open", "close"} and at not in used and not "".join(t for _, t in found[:at][-2:]).endswith(_EYES)
        for at, (kind, _) in enumerate(found)
    )


def _pairs(found: list[tuple[str, str]]) -> dict[int, int]:
    """Where each bracket is closed, of those that are and mean a weight."""
    closes: dict[int, int] = {}
    opened: list[int] = []
    for at, (kind, text) in enumerate(found):
        if kind == "open":
            opened.append(at)
        elif kind == "close" and opened and _PAIRS[found[opened[-1]][1]] == text:
            start = opened.pop()
            if text == ")" or not any(_EDITS.search(inside) for _, inside in found[start + 1 : at]):
                closes[start] = at
    return closes


def _pieces(found: list[tuple[str, str]], closes: dict[int, int]) -> Iterator[Piece]:
    weights, ends = [1.0], set(closes.values())
    text = ""
    for at, (kind, own) in enumerate(found):
        if at in closes or at in ends or (kind == "number" and at + 1 in ends):
            if text:
                yield Piece(text, weights[-1])
            text = ""
        if at in closes:
            weights.append(max(-_MOST, min(_MOST, weights[-1] * _factor(found, at, closes[at]))))
        elif at in ends:
            weights.pop()
        elif not (kind == "number" and at + 1 in ends):
            text += own[1:] if kind == "escape" else own
    if text:
        yield Piece(text, weights[-1])


def _factor(found: list[tuple[str, str]], start: int, end: int) -> float:
    if found[start][1] == "[":
        return 1 / _STEP
    kind, text = found[end - 1]
    return float(text[1:]) if kind == "number" else _STEP
