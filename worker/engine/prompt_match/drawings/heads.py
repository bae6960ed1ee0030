"""Who may be dressed as whom: whose head is put over whose, and where heads are in drawings. Data alone.

By their emoji's names, as `KnownSubject.icon` has them.
"""

from dataclasses import replace

from worker.engine.prompt_match.layout import HeadPlace

# Across, down and wide in hundredths, and whether a hat is above, or one with gold on it, or it is found by this alone:
# see `HeadPlace`.
_PLACES = """
man-health-worker 50 6 58, woman-health-worker 50 28 54 hat, student 50 6 58, woman-teacher 50 6 56,
man-farmer 50 37 49 gold, man-cook 50 35 53 hat, man-mechanic 43 34 49 hat, man-office-worker 50 6 58,
man-scientist 43 6 56, woman-singer 44 6 56, man-artist 45 32 49 hat, man-pilot 50 37 53 gold, astronaut 50 10 46,
man-firefighter 50 34 53 gold, police-officer 50 37 53 gold, man-detective 46 34 48 hat, ninja 48 6 55,
construction-worker 50 36 53 gold, prince 50 30 54 gold, princess 50 30 54 gold, man-in-tuxedo 50 6 58,
person-with-veil 50 29 48 hat, baby-angel 50 14 55 hat, santa-claus 48 34 53 hat, man-superhero 50 6 54,
woman-superhero 50 6 54, man-mage 44 39 46 hat, woman-mage 50 34 46 hat, woman-fairy 50 6 50, man-vampire 50 8 52,
man-elf 50 25 48 hat, man-genie 50 28 46 hat, man-zombie 50 8 52, dentist 43 31 49 hat, waiter 39 6 52,
sailor 50 34 53 hat, man-judge 46 28 47 hat, viking 50 37 45 hat, soldier 50 35 45 hat, samurai 50 35 45 hat,
knight 50 34 42 hat, pirate 50 37 46 gold, cowboy 50 40 44 hat, king 50 28 46 gold, queen 50 31 54 gold,
mummy 50 6 56, gnome 50 38 50 hat, mermaid 36 8 32, ballerina 50 14 27,
person-running 55 4 40, woman-dancing 42 4 38, man-dancing 42 4 40, skier 51 22 35 hat, snowboarder 50 22 35 hat,
person-golfing 40 4 36, person-surfing 60 4 36, person-swimming 43 18 40 hat, person-bouncing-ball 36 4 36,
person-lifting-weights 50 24 36, person-biking 52 14 34 hat, person-juggling 50 25 36,
person-in-lotus-position 50 10 34, person-cartwheeling 50 4 34, person-fencing 36 4 36, person-rowing-boat 50 4 36,
person-climbing 50 27 34, horse-racing 38 14 33 hat, person-taking-bath 50 6 38,
magician 48 34 40 gold, fisherman 42 34 44 gold, dwarf 47 25 46 gold, orc 50 6 50 fixed, grim-reaper 43 27 38 fixed,
centaur 40 2 38,
person-in-raincoat 50 9 64 fixed, person-in-hoodie 50 9 64 fixed, person-in-sweater 50 9 64 fixed,
person-in-pajamas 50 9 64 fixed
"""
# Of those as whom no animal is dressed, but who wear glasses, or whose head somebody else has.
_ORDINARY = """
man 50 6 58, woman 50 6 58, boy 50 6 58, girl 50 6 52, old-man 50 3 60, old-woman 50 10 56, man-beard 50 6 58,
woman-red-hair 50 6 56, woman-curly-hair 50 6 56, baby 50 4 60
"""
# Whose head goes on a person; all of them are drawn as little more than that.
_GIVERS = """
monkey-face dog-face wolf fox raccoon cat-face lion tiger-face moose unicorn cow-face pig-face mouse-face hamster
rabbit-face bear polar-bear koala panda frog dragon-face robot alien skull pile-of-poo
"""
GIVERS = frozenset(_GIVERS.split())
# Of which we drew a whole one as well, as `fox-whole`.
_OUR_OWN = "bear fox frog hamster koala lion panda raccoon unicorn wolf"
WHOLE_OF = {animal: f"{animal}-whole" for animal in _OUR_OWN.split()}
# Drawn with a body → the same as a head, and the colour that it then has.
FACES = {
    "cat": ("cat-face", ""), "black-cat": ("cat-face", "black"), "dog": ("dog-face", ""), "rabbit": ("rabbit-face", ""),
    "tiger": ("tiger-face", ""), "cow": ("cow-face", ""), "pig": ("pig-face", ""), "monkey": ("monkey-face", ""),
    "mouse": ("mouse-face", ""), "dragon": ("dragon-face", ""),
    "husky": ("dog-face", "gray"), "pug": ("dog-face", ""), "shiba-inu": ("dog-face", "orange"),
    **{whole: (animal, "") for animal, whole in WHOLE_OF.items()},
}  # fmt: skip
# Those who only look after them, and no pig that is a farmer.
TENDED = frozenset((("pig-face", "man-farmer"), ("cow-face", "man-farmer")))


_FLAGS = {"hat": ("hat",), "gold": ("hat", "gold"), "fixed": ("fixed",)}


def _place(row: str) -> tuple[str, HeadPlace]:
    icon, across, down, wide, *how = row.split()
    place = HeadPlace(int(across) / 100, int(down) / 100, int(wide) / 100)
    return icon, replace(place, **{flag: True for word in how for flag in _FLAGS[word]})


PLACES = dict(map(_place, _PLACES.split(",")))
HEADS = PLACES | dict(map(_place, _ORDINARY.split(",")))
