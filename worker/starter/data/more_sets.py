"""Two sets beyond the first four: one more style, drawn in 3D, and second drawings for a style that is there.

A training that began with four sets goes on with four: these are another edition of the data (`emoji_art.SIX`).
"""

import base64
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from worker.starter.data.packages import DataError, Package
from worker.starter.vocabulary import Style

RENDERED = Package(
    "@lobehub/fluent-emoji-3d",
    "1.1.0",
    "sha512-Wlq2lVStTnr8BDpIJ0pEnTKO4LuDxxqTEhTvRtD1DLRF0me7ogeRQjKoehDHXuVJ2Qaecgl5wRBv60lUAG3h7g==",
)
SECOND = Package(
    "@iconify-json/fxemoji",
    "1.2.2",
    "sha512-UAasRaxzFUKfIGSmLwnoarsssA4LX0VLLuEmplIqM6ZNQqIQRtav8tZ4H1neTlBreXuMQyAifr5jP4kn78DpiQ==",
)
STYLE = Style(RENDERED.name, ("3d render", "3d picture", "3d rendering"))
SECOND_STYLE = 0  # number of the style whose words fit the second drawings: flat illustration

_SIDE = 256  # of the 3D set's pictures
_VARIATION = "fe0f"  # asks for a picture instead of a character; sets name it or leave it out

# Second drawings were looked at one by one beside the first: taken is what shows the same thing as whole and in its
# colours. Left out are blue faces, drawings that fill their square with a scene, and other things of the same name.
_SAME_NAME = """
    airplane alarm-clock alien-monster ambulance american-football anchor ant artist-palette automobile baby baby-angel
    baby-chick balloon banana baseball bear beer-mug bell bicycle birthday-cake bomb books bouquet boy bread
    broken-heart bus cactus camera candle candy cherries cherry-blossom chicken chipmunk chocolate-bar christmas-tree
    church cloud cocktail-glass cookie cooking cow-face crescent-moon crocodile crown crystal-ball deciduous-tree
    delivery-truck dolphin doughnut dress droplet elephant envelope eye factory ferris-wheel fire fire-engine
    four-leaf-clover french-fries frog full-moon ghost girl glasses goat grapes green-apple guitar hamburger hammer
    headphone helicopter hibiscus honey-pot honeybee horse hospital hot-beverage hotel ice-cream jack-o-lantern key
    koala lady-beetle lemon light-bulb lollipop man maple-leaf melon microphone money-bag monkey monkey-face motorcycle
    mushroom octopus office-building palm-tree paw-prints peach pear pencil penguin pineapple police-car princess ram
    red-apple red-heart rice-ball ring rocket rooster rose saxophone school seedling shaved-ice ship skull snail snake
    snowflake soccer-ball soft-ice-cream spaghetti sparkles speedboat spider steaming-bowl strawberry
    sun-behind-cloud sunflower sushi tangerine taxi television thumbs-up tomato top-hat tornado tractor train tram
    trophy tropical-fish trumpet tulip turtle vertical-traffic-light video-game violin watch watermelon whale wine-glass
    woman
"""
_OTHER_NAME = """
    angry-face angry · backpack schoolsatchel · camel dromedarycamel · green-heart heartgreen · purple-heart heartpurple
    yellow-heart heartyellow · rabbit-face bunny · cat-face cat · cat catside · dog-face dog · dog dogside
    mouse-face mouse · mouse mouseside · pig-face pig · pig pigside · tiger-face tiger · leopard leopardside
    dragon-face dragonhead · dragon dragonside · panda pandaface · wolf wolfface · hamster hampster
    house housebuilding · castle europeancastle · locomotive steamlocomotive · bullet-train highspeedtrainbulletnose
    racing-car racecar · moai moyai · mobile-phone cellphone · snow-capped-mountain snowmountains
    cloud-with-lightning stormcloud · cloud-with-rain raincloud · cloud-with-snow snowcloud · high-voltage bolt
    sun sunrays · hourglass-done hourglass · gem-stone gem · magnifying-glass-tilted-left leftmagnifyingglass
    wrapped-gift present · pile-of-poo poo · santa-claus fatherchristmas · spouting-whale spurtingwhale
    pizza sliceofpizza · hot-pepper chilipepper · ear-of-corn earofmaize · eggplant aubergine · evergreen-tree evergreen
    bullseye directhit · police-officer cop · construction-worker construct · old-woman gma · old-man gpa
    woman-dancing dancer · person-with-veil bride · winking-face winking · face-with-tongue tongueout
    neutral-face neutral · sleeping-face sleeping · smiling-face-with-heart-eyes hearteyes · sunglasses darksunglasses
    smiling-face-with-sunglasses sunglasses · face-with-tears-of-joy grintears · smiling-face whitesmilingface
    grinning-face grin · smiling-face-with-horns devilhorns · globe-showing-americas americasglobe · dove doveofpeace
    t-shirt mansshirt · water-wave wave
"""


def second_names() -> dict[str, str]:
    """Names in the set of second drawings, by the catalogue's."""
    words = _OTHER_NAME.replace("·", " ").split()
    others = dict(zip(words[::2], words[1::2], strict=True))
    return {icon: icon.replace("-", "") for icon in _SAME_NAME.split()} | others


def second_drawings(icons: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, str]:
    """Return which of the `wanted` subjects have a second drawing, each with its name in the set.

    Raises:
        DataError: the set is another one than was looked at.
    """
    found = {icon: name for icon, name in second_names().items() if icon in set(wanted)}
    lost = sorted(name for name in found.values() if name not in icons["icons"])
    if lost:
        raise DataError(f"{SECOND.name} has no {', '.join(lost)}: it must be version {SECOND.version}")
    return found


def rendered(archive: Path, hexcodes: Mapping[str, str]) -> dict[str, str]:
    """Return the 3D pictures as SVG documents that hold them, by the catalogue's names, for those that the set has.

    `hexcodes`: the characters of each, as emojibase writes them.
    """
    with tarfile.open(archive) as opened:
        members = {_bare(Path(each.name).stem): each for each in opened if each.name.endswith(".webp")}
        found = {icon: members[code] for icon, text in hexcodes.items() if (code := _bare(text)) in members}
        return {icon: _document(_content(opened, member)) for icon, member in found.items()}


def _content(opened: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = opened.extractfile(member)
    if stream is None:
        raise DataError(f"{RENDERED.name} has no {member.name}: delete it from the cache, then try again")
    return stream.read()


def _document(picture: bytes) -> str:
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    data = f"data:image/webp;base64,{base64.b64encode(picture).decode()}"
    image = f'<image width="{_SIDE}" height="{_SIDE}" xlink:href="{data}"/>'
    return f'<svg {names} viewBox="0 0 {_SIDE} {_SIDE}">{image}</svg>'


def _bare(hexcode: str) -> str:
    return "-".join(part for part in hexcode.lower().split("-") if part != _VARIATION)
