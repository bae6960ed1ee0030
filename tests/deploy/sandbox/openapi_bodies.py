"""Bodies made from Discord's description: sound ones, ones at their limits and beyond, and rubbish."""

import random
from collections.abc import Iterator

from tests.deploy.sandbox.openapi import Description, Json

# What belongs to features that the sandbox does not have (see its README); there it looks at nothing of the kind.
UNSERVED = {
    "poll", "sticker_ids", "shared_client_theme", "avatar", "banner", "bio", "mute", "deaf", "channel_id",
    "duration_secs", "waveform", "is_remix", "is_spoiler", "activity_instance_id", "handler",
}  # fmt: skip
RUBBISH: list[object] = [
    None, True, False, 0, -1, 2**31, 2**53 + 1, 2**70, 1.5, "", " ", "x", "\0", "x" * 3000, "😀" * 200, "-1", "NaN",
    "1000000000000000000", [], [[]], [None], [{}], {}, {"": {}}, {"type": {}}, {"id": []},
]  # fmt: skip
DEEPEST = 7


class Maker:
    """Makes JSON for schemas; the same seed makes the same again.

    `strange` is how often a part is rubbish. Without any, limits are kept, and else just missed as often as not.
    """

    def __init__(self, judge: Description, seed: int, strange: float) -> None:
        self._judge = judge
        self._random = random.Random(seed)
        self._strange = strange
        self._beyond = 1 if strange else 0

    def make(self, schema: Json, depth: int = 0) -> object:
        pick = self._random
        schema = self._judge.resolved(schema)
        if pick.random() < self._strange:
            return pick.choice(RUBBISH)
        if "const" in schema:
            return schema["const"]
        choices = schema.get("oneOf") or schema.get("anyOf")
        if choices:
            return self.make(pick.choice(choices), depth)
        if "enum" in schema:
            return pick.choice(schema["enum"])
        kind = schema.get("type", "object")
        if isinstance(kind, list):
            kind = pick.choice(kind)
        made = {"object": self._object, "array": self._array, "string": self._string, "integer": self._number,
                "number": self._number}.get(kind)  # fmt: skip
        if made is None:
            return pick.random() < 0.5 if kind == "boolean" else None
        return made(schema, depth)

    def _object(self, schema: Json, depth: int) -> Json:
        made: Json = {}
        for name, inner in schema.get("properties", {}).items():
            if name in UNSERVED:
                continue
            if name in schema.get("required", ()) or (depth < DEEPEST and self._random.random() < 2 / (2 + depth)):
                made[name] = self.make(inner, depth + 1)
        more = schema.get("additionalProperties")
        if isinstance(more, dict):
            made |= {
                name: self.make(more, depth + 1) for name in self._random.sample(("en-US", "de", "0", "1", "x"), 2)
            }
        return made

    def _array(self, schema: Json, depth: int) -> list[object]:
        low, high = schema.get("minItems", 0), min(schema.get("maxItems", 5), 12)
        length = self._random.choice((low, low, max(low, 1), 2, high, high + self._beyond)) if depth < DEEPEST else low
        return [self.make(schema.get("items", {}), depth + 1) for _ in range(length)]

    def _string(self, schema: Json, _depth: int) -> str:
        if schema.get("format") == "snowflake":
            return self._random.choice(("0", "1", "1000000000000000000", str(2**63), "x")[: 4 + self._beyond])
        if schema.get("format") == "uri":
            links = ("https://example.com/a.png", "attachment://a.png", "ftp://x", "javascript:x")
            return self._random.choice(links[: 2 + 2 * self._beyond])
        if schema.get("format") == "date-time":
            return "2026-01-02T03:04:05+00:00"
        low, high = schema.get("minLength", 0), min(schema.get("maxLength", 40), 5000)
        lengths = (low, low + 1, max(low, min(5, high)), high, high + self._beyond)
        return self._random.choice("abé🎨 ") * self._random.choice(lengths)

    def _number(self, schema: Json, _depth: int) -> float:
        low, high = schema.get("minimum", 0), schema.get("maximum", 100)
        return self._random.choice((low, high, low - self._beyond, high + self._beyond, (low + high) // 2))


def bodies(judge: Description, method: str, path: str, rounds: int) -> Iterator[object]:
    """Bodies for a route, the first sound but for their limits, later ones stranger; nothing where none is taken."""
    schema = (
        judge.operation(method, path)
        .get("requestBody", {})
        .get("content", {})
        .get("application/json", {})
        .get("schema")
    )
    if schema is None:
        return
    for number in range(rounds):
        strange = 0.2 * max(0, number - rounds // 2) / rounds
        yield Maker(judge, number, strange).make(schema)
    yield from _spoilt(judge, schema)
    yield from RUBBISH


def _spoilt(judge: Description, schema: Json) -> Iterator[Json]:
    """Sound bodies with one thing in each that is rubbish, over all things that may be there."""
    pick, sound = random.Random(0), Maker(judge, 0, 0)
    for name in judge.resolved(schema).get("properties", {}):
        if name not in UNSERVED:
            for value in pick.sample(RUBBISH, 9):
                made = sound.make(schema)
                yield {**(made if isinstance(made, dict) else {}), name: value}
