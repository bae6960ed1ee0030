"""JSON against a schema: a quick validator says yes, and where it does not, a thorough one tells what is wrong.

Discord's messages are choices of choices of components, over which the thorough one takes a hundred times as long.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import jsonschema
import jsonschema_rs
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

Json = dict[str, Any]
formats = jsonschema.FormatChecker(())


@formats.checks("date-time", raises=ValueError)
def _has_zone(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@formats.checks("uri")
def _has_scheme(value: object) -> bool:
    return not isinstance(value, str) or re.match(r"[a-z][a-z0-9+.-]*://\S+$", value) is not None


@formats.checks("int32")
def _fits(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


# Only of texts; what an int32 is, `bounded` says.
QUICK_FORMATS: dict[str, Callable[..., bool]] = {
    name: partial(formats.conforms, format=name) for name in formats.checkers if name != "int32"
}


class Documents:
    """What schemas refer to, by address."""

    def __init__(self, contents: Mapping[str, Json]) -> None:
        registry: Registry[Any] = Registry()
        for name, content in contents.items():
            resource: Resource[Any] = Resource.from_contents(content, default_specification=DRAFT202012)
            registry = registry.with_resource(name, resource)
        self.thorough = registry
        self.quick = jsonschema_rs.Registry([(name, bounded(each)) for name, each in contents.items()])


class Validator:
    """Of one schema."""

    def __init__(self, schema: Json, documents: Documents) -> None:
        self.quick = jsonschema_rs.Draft202012Validator(
            bounded(schema), formats=QUICK_FORMATS, validate_formats=True, registry=documents.quick
        )
        self.thorough = jsonschema.Draft202012Validator(schema, registry=documents.thorough, format_checker=formats)

    def errors(self, instance: object) -> list[jsonschema.ValidationError]:
        """What is wrong with it."""
        return [] if self.quick.is_valid(instance) else list(self.thorough.iter_errors(instance))


def bounded(schema: Any) -> Any:
    """The same, with a format of numbers written as the numbers that it allows."""
    if isinstance(schema, list):
        return [bounded(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    same = {key: bounded(value) for key, value in schema.items()}
    if schema.get("format") == "int32":
        same["minimum"] = max(schema.get("minimum", -(2**31)), -(2**31))
        same["maximum"] = min(schema.get("maximum", 2**31 - 1), 2**31 - 1)
    return same
