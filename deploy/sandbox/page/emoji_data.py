"""Makes vendor/emoji.json out of the npm package `emojibase-data`: `python emoji_data.py FOLDER_OF_THE_PACKAGE`.

Kept are the emoji that fonts have had for some years, without skin tones, by category, each with its name and the words
that one may look for.
"""

import json
import sys
from pathlib import Path

NEWEST = 15  # version of the emoji standard
CATEGORIES = {
    "Smileys and people": ("smileys-emotion", "people-body"),
    "Animals and nature": ("animals-nature",),
    "Food and drink": ("food-drink",),
    "Travel and places": ("travel-places",),
    "Activities": ("activities",),
    "Objects": ("objects",),
    "Symbols": ("symbols",),
    "Flags": ("flags",),
}
OUT = Path(__file__).parent / "vendor" / "emoji.json"


def trim(package: Path) -> list[list[object]]:
    """Categories as `[name, [[emoji, label, words], ...]]`."""
    groups = json.loads((package / "meta/groups.json").read_text())["groups"]
    codes = json.loads((package / "en/shortcodes/iamcal.json").read_text())
    found: dict[str, list[list[str]]] = {name: [] for name in groups.values()}
    for each in sorted(json.loads((package / "en/data.json").read_text()), key=lambda each: each.get("order", 0)):
        if each.get("version", 0) <= NEWEST and "group" in each:
            code = codes.get(each["hexcode"], [])
            words = [*([code] if isinstance(code, str) else code), *each.get("tags", [])]
            found[groups[str(each["group"])]].append([_text(each), each["label"], " ".join(dict.fromkeys(words))])
    return [[name, [one for group in members for one in found[group]]] for name, members in CATEGORIES.items()]


def _text(emoji: dict[str, object]) -> str:
    """As Discord writes it: with the variation selector only where a font would draw a plain character without."""
    if emoji["type"] == 1:
        return "".join(chr(int(each, 16)) for each in str(emoji["hexcode"]).split("-"))
    return str(emoji["emoji"])


if __name__ == "__main__":
    OUT.write_text(json.dumps(trim(Path(sys.argv[1])), ensure_ascii=False, separators=(",", ":")) + "\n")
