"""Discord's own OpenAPI description as a judge of what the sandbox sends and takes.

`EASEL_DISCORD_OPENAPI` names the file (`specs/openapi.json` of github.com/discord/discord-api-spec). Answers are
judged strictly: a property that the description does not list is wrong. Requests are judged only where the sandbox
accepted them. They may hold more than is listed, as Discord ignores what it does not know, and may write snowflakes
as numbers, as libraries do (files by their index, people by their id) and Discord reads.
"""

import bisect
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from tests.deploy.sandbox import openapi_events as events
from tests.deploy.sandbox.openapi_validator import Documents, Validator

Json = dict[str, Any]
VARIABLE = "EASEL_DISCORD_OPENAPI"
MISSING = f"{VARIABLE} does not name Discord's openapi.json (github.com/discord/discord-api-spec)"
BANNED = "error code: 1015"
UNDESCRIBED = {"/attachments/refresh-urls"}  # real, and used by bots, but Discord says nothing of it
WORDS = {"content", "label", "description", "placeholder", "custom_id", "title"}  # of which no schema asks for a form
STRICT, LOOSE = "urn:strict", "urn:loose"

_ID = re.compile(r"[1-9][0-9]{14,19}")
_MOMENT = re.compile(
    r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{6})?\+00:00$"
)


class Description:
    """The description with its schemas, twice: as it is for requests, closed to unknown properties for answers."""

    def __init__(self, document: Json) -> None:
        self.paths: dict[str, Json] = document["paths"]
        _mend_overwrites(self.paths)
        self._responses = document["components"]["responses"]
        self._schemas: dict[str, Json] = {**_mended(document["components"]["schemas"]), **events.OWN_SCHEMAS}
        loose = {**self._schemas, "SnowflakeType": {"anyOf": [self._schemas["SnowflakeType"], {"type": "integer"}]}}
        documents = {LOOSE: loose, STRICT: self._close(self._schemas)}
        self._documents = Documents({name: {"components": {"schemas": each}} for name, each in documents.items()})
        self._validators: dict[str, Validator] = {}
        self._flawless: set[tuple[str, str]] = set()
        self._lengths = sorted(_lengths(document))
        # Those with fewer parameters come first, so that @me is not taken for an id.
        ordered = sorted(self.paths, key=lambda path: path.count("{"))
        self._templates = [
            (re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)) + "$"), path) for path in ordered
        ]

    def template(self, path: str) -> str | None:
        """The description's name for a path, which may hold ids or parameters of its own."""
        return next((name for pattern, name in self._templates if pattern.match(path)), None)

    def operation(self, method: str, path: str) -> Json:
        """What is said about a route; empty where Discord has none."""
        found: Json = self.paths.get(self.template(path) or "", {}).get(method.lower(), {})
        return found

    def answer(self, method: str, path: str, status: int, body: object) -> Iterator[str]:
        """What is wrong with an answer."""
        template, operation = self.template(path), self.operation(method, path)
        if not operation:
            yield f"Discord has no {method} {path}"
            return
        responses = operation["responses"]
        found = responses.get(str(status)) or responses.get(f"{status // 100}XX")
        if found is None:
            yield f"Discord does not answer {method} {template} with {status}"
            return
        if "$ref" in found:
            found = self._responses[found["$ref"].rpartition("/")[2]]
        schema = found.get("content", {}).get("application/json", {}).get("schema")
        where = f"{method} {template} → {status}"
        if schema is None:
            if body is not None:
                yield f"{where}: has a body"
            return
        yield from (f"{where}: {each}" for each in self.judge(body, f"{where}", schema))

    def request(self, method: str, path: str, body: object, *, files: bool) -> Iterator[str]:
        """What is wrong with a request; of a form with files, `body` is its `payload_json`."""
        template = self.template(path)
        content = self.operation(method, path).get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema is None or (files and "multipart/form-data" not in content):
            if body is not None:
                yield f"{method} {template}: takes no such body"
            return
        where = f"{method} {template}, request"
        yield from (f"{where}: {each}" for each in self.judge(body, where, schema, strict=False))

    def judge(self, instance: object, name: str, schema: Json, *, strict: bool = True) -> Iterator[str]:
        """What is wrong with some JSON; `name` tells one schema from another."""
        if name not in self._validators:
            absolute = _absolute(self._close(schema) if strict else schema, STRICT if strict else LOOSE)
            self._validators[name] = Validator(absolute, self._documents)
        outline = name, json.dumps(self._outline(instance), sort_keys=True)
        if outline in self._flawless:
            return
        errors = self._validators[name].errors(instance)
        if not errors:
            self._flawless.add(outline)
        yield from map(_explain, errors)

    def _outline(self, instance: object, key: str = "") -> object:
        """An instance of which ids, moments and words are gone, which every schema takes alike.

        Most of what sandboxes say differs from what they said in the test before in nothing else, and judging it is
        what takes the time of the bot's tests. Of words the length decides, as far as a schema bounds it.
        """
        if isinstance(instance, dict):
            return {_outline_text(name): self._outline(value, name) for name, value in instance.items()}
        if isinstance(instance, list):
            return [self._outline(each) for each in instance]
        if not isinstance(instance, str):
            return instance
        if key in WORDS:
            return f"{bisect.bisect_left(self._lengths, len(instance))}"
        return _outline_text(instance)

    def _close(self, node: Any) -> Any:
        """The same schema, which now refuses properties that it does not list."""
        if isinstance(node, list):
            return [self._close(each) for each in node]
        if not isinstance(node, dict):
            return node
        parts = [self.resolved(each) for each in node.get("allOf", ())]
        if any("properties" in each for each in parts):
            return self._close(_merge([{k: v for k, v in node.items() if k != "allOf"}, *parts]))
        shut = {key: self._close(value) for key, value in node.items()}
        if isinstance(node.get("properties"), dict) and node.get("type") == "object":
            shut.setdefault("additionalProperties", False)
        return shut

    def resolved(self, schema: Json) -> Json:
        """The schema behind references, with what must hold together in one piece."""
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"].rpartition("/")[2]]
        if "allOf" in schema:
            rest = {key: value for key, value in schema.items() if key != "allOf"}
            return _merge([rest, *(self.resolved(each) for each in schema["allOf"])])
        return schema


def _merge(parts: Iterable[Json]) -> Json:
    """One object schema out of several that must all hold."""
    merged: Json = {"type": "object", "properties": {}, "required": []}
    for part in parts:
        merged["properties"] |= part.get("properties", {})
        merged["required"] += [each for each in part.get("required", []) if each not in merged["required"]]
    return merged


def _absolute(schema: Any, base: str) -> Any:
    """The schema with its references pointing into one of the two documents."""
    if isinstance(schema, dict):
        return {key: f"{base}{value}" if key == "$ref" else _absolute(value, base) for key, value in schema.items()}
    return [_absolute(each, base) for each in schema] if isinstance(schema, list) else schema


def _lengths(node: Any) -> set[int]:
    """All lengths that some text may just have, or just not."""
    if isinstance(node, list):
        return {length for each in node for length in _lengths(each)}
    if not isinstance(node, dict):
        return set()
    here = {key: value for key, value in node.items() if isinstance(value, int)}
    found = {here[key] - less for key, less in (("maxLength", 0), ("minLength", 1)) if key in here}
    return found.union(*(_lengths(each) for each in node.values()))


def _outline_text(text: str) -> str:
    return _MOMENT.sub("2026-01-01T00:00:00+00:00", _ID.sub(lambda found: "1" * len(found[0]), text))


def _explain(error: jsonschema.ValidationError) -> str:
    """The place and the reason; inside a choice of schemas, of the one that was meant."""
    while error.context:
        branches: dict[Any, list[jsonschema.ValidationError]] = {}
        for each in error.context:
            branches.setdefault(each.schema_path[0], []).append(each)
        error = min(branches.values(), key=_distance)[0]
    path = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in error.absolute_path)
    return f"${path}: {error.message[:300]}"


def _distance(errors: list[jsonschema.ValidationError]) -> tuple[int, int]:
    """How far from being meant: another kind of thing first, then the number of complaints."""
    other = sum(each.validator in ("type", "const", "enum") and len(each.relative_path) <= 1 for each in errors)
    nothing = any(each.validator == "type" and each.validator_value == "null" for each in errors)
    return other + nothing, len(errors)


@cache
def description() -> Description | None:
    """Discord's description, or None where the variable does not name it."""
    file = os.environ.get(VARIABLE)
    return Description(json.loads(Path(file).read_text())) if file else None


def judge_exchange(judge: Description, exchange: Mapping[str, Any]) -> list[str]:
    """What is wrong with one exchange as `/sandbox/exchanges` tells it.

    What a fault answers is not judged, nor a ban: that comes from the proxy in front of Discord.
    """
    if exchange["fault"] is not None or exchange["response"] == BANNED:
        return []
    method, path, status = exchange["method"], exchange["path"], exchange["status"]
    if path in UNDESCRIBED:
        return []
    found = list(judge.answer(method, path, status, exchange["response"]))
    if status < 300 and exchange["request"] is not None:
        found += judge.request(method, path, exchange["request"], files=bool(exchange["files"]))
    return found


def judge_event(judge: Description, name: str, data: Any) -> list[str]:
    """What is wrong with the `d` of an event."""
    of_interaction = name == "INTERACTION_CREATE"
    schema = events.INTERACTIONS.get(data.get("type")) if of_interaction else events.EVENTS.get(name)
    if schema is None:
        return [f"{name}: not known; its fields belong into tests/deploy/sandbox/openapi_events.py"]
    named = f"{name} {data['type']}" if of_interaction else name
    return [f"{named}: {each}" for each in judge.judge(data, named, schema)]


def judge_log(judge: Description, log: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is wrong with exchanges and events as the sandbox's log tells them, each complaint once."""
    found: dict[str, None] = {}
    for each in log:
        said = judge_event(judge, each["event"], each["data"]) if "event" in each else judge_exchange(judge, each)
        found.update(dict.fromkeys(said))
    return list(found)


def _mend_overwrites(paths: dict[str, Json]) -> None:
    """Bits of permissions are strings in Discord's documentation, and libraries send them so."""
    route = paths["/channels/{channel_id}/permissions/{overwrite_id}"]["put"]
    fields = route["requestBody"]["content"]["application/json"]["schema"]["properties"]
    fields["allow"] = fields["deny"] = {"type": ["string", "integer", "null"]}


def _mended(schemas: dict[str, Json]) -> dict[str, Json]:
    """The schemas, corrected where they contradict Discord's documentation.

    The codes of nested errors are names, and a new post of a forum comes with its first message.
    """
    error = schemas["Error"]
    named = {**error, "properties": {**error["properties"], "code": {"type": "string"}}}
    inner = {**schemas["InnerErrors"], "properties": {"_errors": {"type": "array", "items": named, "minItems": 1}}}
    thread = schemas["CreatedThreadResponse"]
    post = {
        **thread,
        "properties": {**thread["properties"], "message": {"$ref": "#/components/schemas/MessageResponse"}},
    }
    return {**schemas, "InnerErrors": inner, "CreatedThreadResponse": post}
