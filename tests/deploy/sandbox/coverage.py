"""How much of Discord's HTTP API the sandbox serves: `python -m tests.deploy.sandbox.coverage [--absent]`."""

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterator

from deploy.sandbox.http import RESOURCES
from tests.deploy.sandbox.openapi import MISSING, Description, description

FOREIGN = ("/lobbies", "/partner-sdk")  # of games that build on Discord's Social SDK, not of bots
METHODS = ("get", "post", "put", "patch", "delete")


def of_bots(judge: Description) -> Iterator[tuple[str, str]]:
    """Method and path of each operation that takes a bot's token, or none at all."""
    for path, operations in judge.paths.items():
        if path.startswith(FOREIGN):
            continue
        for method in METHODS:
            if method in operations:
                security = operations[method].get("security", [{}])
                if any("BotToken" in each or not each for each in security):
                    yield method.upper(), path


def served(judge: Description) -> set[tuple[str, str]]:
    """What the sandbox serves, by the description's names."""
    routes = [(each.method, each.path) for resource in RESOURCES for each in resource.ROUTES]
    found = set()
    for method, path in routes:
        filled = re.sub(r"\{\w+\}", "1", path)
        found |= {(method, name) for name in (judge.template(filled), judge.template(path)) if name}
        if path.endswith("/messages/{message}") and path.startswith("/webhooks"):
            found.add((method, "/webhooks/{webhook_id}/{webhook_token}/messages/@original"))
    return found


def table(judge: Description, *, absent: bool) -> Iterator[str]:
    """Line by line: how many operations of each group there are for bots, and how many of them are served."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for method, path in of_bots(judge):
        groups[group(path)].append((method, path))
    have = served(judge)
    for name, operations in sorted(groups.items()):
        yield f"{name:<40} {len(have.intersection(operations)):>3} of {len(operations):>3}"
        if absent:
            yield from (f"    {method} {path}" for method, path in operations if (method, path) not in have)
    every = {each for operations in groups.values() for each in operations}
    yield f"{'all':<40} {len(have & every):>3} of {len(every):>3}"


def group(path: str) -> str:
    """The resource that a path is about: its fixed parts, as far as they tell resources apart."""
    parts = [part for part in path.split("/") if part and not part.startswith(("{", "@"))]
    return "/".join(parts[:2])


def main() -> int:
    parser = argparse.ArgumentParser(description="How much of Discord's HTTP API the sandbox serves.")
    parser.add_argument("--absent", action="store_true", help="name what is not served")
    wanted = parser.parse_args()
    judge = description()
    if judge is None:
        sys.stderr.write(f"{MISSING}\n")
        return 2
    sys.stdout.writelines(f"{line}\n" for line in table(judge, absent=wanted.absent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
