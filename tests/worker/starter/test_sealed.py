"""The sealed prompts are those that were sealed, and nothing that trains knows where they lie."""

import hashlib
from pathlib import Path

SEALED = Path(__file__).parent / "sealed"
STARTER = Path(__file__).parents[3] / "worker" / "starter"
PACKED = "d78f4db0bf0e3d9d76920a70657318a552a17cc8f44a5fae29bb2cc0ffb31ef6"  # as packed: it stays closed here too


def test_the_prompts_are_those_that_were_sealed():
    recorded = dict(line.split("  ")[::-1] for line in (SEALED / "SEAL").read_text().splitlines())
    later = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    files = ("prompts-120.txt", *(f"prompts-60-{number}.txt" for number in later))
    plain = [(name, recorded[name]) for name in files]
    for name, digest in (*plain, ("prompts-60.xz.b64", PACKED)):
        assert hashlib.sha256((SEALED / name).read_bytes()).hexdigest() == digest


def test_no_code_of_the_recipe_names_their_place():
    names = ("prompts-120", "prompts-60", f"{SEALED.name}/")
    found = [path.name for path in STARTER.rglob("*.py") if any(name in path.read_text("utf-8") for name in names)]
    assert found == []
