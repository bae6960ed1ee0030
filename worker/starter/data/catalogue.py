"""Which subjects there are, and the words for each: what all emoji sets share, less what nobody would ask for."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from worker.starter.vocabulary import Subject

# emojibase's numbers of groups and subgroups.
_COMPONENTS, _SYMBOLS, _FLAGS = 2, 8, 9
_FAMILIES, _PEOPLE_SYMBOLS = 30, 31
_CLOCK_FACE = re.compile(r"-(o-?clock|thirty)$")
_FEW = 6

# Plain words for things whose official name nobody types. A word that is another subject's own name is dropped.
ALIASES: dict[str, tuple[str, ...]] = {
    "red-apple": ("apple",),
    "hot-beverage": ("cup of coffee", "coffee", "coffee cup", "hot drink"),
    "automobile": ("car", "red car"),
    "lady-beetle": ("ladybug", "ladybird"),
    "jack-o-lantern": ("pumpkin", "halloween pumpkin"),
    "wrapped-gift": ("gift", "present", "gift box"),
    "soft-ice-cream": ("ice cream cone", "soft serve"),
    "hamburger": ("burger", "cheeseburger"),
    "pizza": ("slice of pizza", "pizza slice"),
    "doughnut": ("donut",),
    "soccer-ball": ("football",),
    "birthday-cake": ("cake",),
    "evergreen-tree": ("pine tree", "fir tree", "pine", "tree"),
    "airplane": ("plane", "aeroplane"),
    "bicycle": ("bike",),
    "sailboat": ("sailing boat", "boat"),
    "house": ("home",),
    "crescent-moon": ("moon",),
    "red-heart": ("heart",),
    "rocket": ("rocket ship", "spaceship"),
    "balloon": ("red balloon",),
    "cat-face": ("kitten", "kitty", "cat's face"),
    "dog-face": ("puppy", "dog's face"),
    "rabbit-face": ("bunny", "rabbit's face"),
    "tropical-fish": ("exotic fish",),
    "spouting-whale": ("whale spouting water",),
    "mobile-phone": ("smartphone", "cell phone", "phone"),
    "television": ("tv", "tv set"),
    "clinking-beer-mugs": ("beers", "cheers"),
    "beer-mug": ("beer",),
    "wine-glass": ("wine", "glass of wine"),
    "sun-with-face": ("smiling sun",),
    "glowing-star": ("shining star",),
    "open-book": ("book",),
    "oncoming-automobile": ("front of a car",),
    "motorcycle": ("motorbike",),
    "locomotive": ("steam train", "steam engine"),
    "passenger-ship": ("ship",),
    "red-rose": ("rose",),
}


def slug(label: str) -> str:
    """Turn an emojibase label into the emoji sets' name for it: `woman's hat` → `womans-hat`."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")


def choose(entries: Iterable[dict[str, Any]], sets: Iterable[Collection[str]]) -> tuple[Subject, ...]:
    """Return the subjects that every set draws, in emojibase's order, with their words.

    Args:
        entries: emojibase's emojis (label, tags, group, subgroup).
        sets: the icon names of each emoji set.
    """
    drawn = set.intersection(*(set(names) for names in sets))
    kept = {slug(entry["label"]): entry for entry in entries if slug(entry["label"]) in drawn and _wanted(entry)}
    own = {icon: _plain(entry["label"]) for icon, entry in kept.items()}
    tags = {icon: [_plain(tag) for tag in entry.get("tags", ())] for icon, entry in kept.items()}
    asked = Counter(tag for words in tags.values() for tag in set(words))
    taken = set(own.values()) | {alias for icon in kept for alias in ALIASES.get(icon, ())}
    subjects = []
    for icon, name in own.items():
        free = [tag for tag in tags[icon] if tag not in taken and len(tag) > 2]
        aliases = [alias for alias in ALIASES.get(icon, ()) if alias not in own.values()]
        alone = [tag for tag in free if asked[tag] == 1]
        shared = [tag for tag in free if 1 < asked[tag] <= _FEW]
        names, tagged, cues = (tuple(dict.fromkeys(one)) for one in ([name, *aliases], alone, shared))
        subjects.append(Subject(icon, names, tagged, cues))
    return tuple(subjects)


def hexcodes(entries: Iterable[dict[str, Any]], icons: Collection[str]) -> dict[str, str]:
    """Return the characters of each subject, as emojibase writes them: `cat-face` → `1F431`."""
    found = {slug(entry["label"]): str(entry["hexcode"]) for entry in entries if _wanted(entry)}
    return {icon: found[icon] for icon in icons}


def _wanted(entry: dict[str, Any]) -> bool:
    """Leave out skin tones, text symbols, flags, families and the 24 clock faces."""
    if entry.get("group") in {None, _COMPONENTS, _SYMBOLS, _FLAGS}:
        return False
    if entry.get("subgroup") in {_FAMILIES, _PEOPLE_SYMBOLS}:
        return False
    return _CLOCK_FACE.search(slug(entry["label"])) is None


def _plain(words: str) -> str:
    return " ".join(words.lower().replace("’", "'").replace("“", "").replace("”", "").split())
