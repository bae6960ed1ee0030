"""Who may be dressed as whom: whose head is put over whose, and where heads are in drawings. Data alone.

By their emoji's names, as `KnownSubject.icon` has them.
"""

from .layout import HeadPlace

# Across, down and wide in hundredths, and whether a hat is above, or one with gold on it: see `HeadPlace`.
_PLACES = """
man-health-worker 50 2 55, woman-health-worker 50 0 62, student 50 20 55 hat, woman-teacher 55 3 53,
man-farmer 50 25 42 hat, man-cook 53 25 45 hat, man-mechanic 53 24 44 hat, man-office-worker 54 4 51,
man-scientist 53 2 50, woman-singer 53 5 50, man-artist 54 20 46 hat, man-pilot 50 20 50 gold, astronaut 53 15 46,
man-firefighter 47 25 44 gold, police-officer 50 30 52 gold, man-detective 48 37 42 hat, ninja 50 6 50,
construction-worker 50 25 50 gold, prince 50 35 52 gold, princess 50 21 56 gold, man-in-tuxedo 50 2 55,
person-with-veil 50 3 50, baby-angel 50 13 70 hat, santa-claus 46 30 70 hat, man-superhero 50 2 45,
woman-superhero 50 0 50, man-mage 50 38 40 hat, woman-mage 50 40 40 hat, woman-fairy 53 5 30, man-vampire 50 13 49,
man-elf 50 5 58,
person-running 34 0 23, woman-dancing 35 2 30, man-dancing 46 5 31, skier 24 2 26, snowboarder 50 2 25,
person-golfing 48 4 32, person-surfing 42 0 18, person-swimming 43 24 34, person-bouncing-ball 41 0 20,
person-lifting-weights 50 20 22, person-biking 37 0 21, person-juggling 50 30 45 hat, person-in-lotus-position 50 0 38,
person-with-crown 50 25 52 gold, king 50 25 52 gold, queen 50 25 56 gold, knight 50 25 50 hat, pirate 50 25 50 hat,
cowboy 50 25 50 hat, samurai 50 25 50 hat
"""
# Whose head goes on a person; all of them are drawn as little more than that.
_GIVERS = """
monkey-face dog-face wolf fox raccoon cat-face lion tiger-face moose unicorn cow-face pig-face mouse-face hamster
rabbit-face bear polar-bear koala panda frog dragon-face robot alien skull pile-of-poo
"""
GIVERS = frozenset(_GIVERS.split())
# Drawn with a body → the same as a head, and the colour that it then has.
FACES = {
    "cat": ("cat-face", ""), "black-cat": ("cat-face", "black"), "dog": ("dog-face", ""), "rabbit": ("rabbit-face", ""),
    "tiger": ("tiger-face", ""), "cow": ("cow-face", ""), "pig": ("pig-face", ""), "monkey": ("monkey-face", ""),
    "mouse": ("mouse-face", ""), "dragon": ("dragon-face", ""),
}  # fmt: skip
# Those who only look after them, and no pig that is a farmer.
TENDED = frozenset((("pig-face", "man-farmer"), ("cow-face", "man-farmer")))


def _place(row: str) -> tuple[str, HeadPlace]:
    icon, across, down, wide, *hat = row.split()
    return icon, HeadPlace(int(across) / 100, int(down) / 100, int(wide) / 100, hat=bool(hat), gold=hat == ["gold"])


PLACES = dict(map(_place, _PLACES.split(",")))
