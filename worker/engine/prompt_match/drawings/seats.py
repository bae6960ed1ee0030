"""Where one sits or stands on what is ridden, and on furniture. Data alone.

By their emoji's names, as `KnownSubject.icon` has them. Whatever is missing here is ridden on the middle of its top.
"""

from worker.engine.prompt_match.layout import Seat

# Across, down and large in hundredths, and whether the rider is behind an edge of it, or it lies down: see `Seat`. What
# is drawn in several styles is a bit higher or lower in each, so feet are so low that they touch it in all of them.
_SEATS = """
horse 72 56 62, donkey 74 58 60, zebra 76 64 58, camel 62 42 60, llama 72 58 52, elephant 76 46 52, mammoth 68 36 55,
unicorn 80 88 58, giraffe 75 64 52, deer 76 56 52, ram 76 42 54, goat 74 60 56, cow 80 60 52, bison 72 44 55,
boar 68 32 58, pig 78 54 52, rhinoceros 70 40 55, hippopotamus 80 48 50, capybara 70 42 55, badger 74 48 55,
leopard 76 64 50, tiger 78 64 50, dog 76 64 50, poodle 64 64 45, rabbit 72 64 50, cat 34 16 50, kangaroo 62 60 45,
turtle 62 18 62, snail 63 30 52, crocodile 72 42 50, dragon 62 64 48, t-rex 70 60 46, sauropod 70 58 52,
triceratops 78 56 50, spouting-whale 60 56 44, narwhal 50 54 48, dolphin 62 28 50, shark 66 50 48, seahorse 60 60 45,
fox-whole 62 52 50, bear-whole 62 46 52, lion-whole 64 52 52, wolf-whole 64 52 52, unicorn-whole 68 54 60,
raccoon-whole 60 52 48, reindeer 74 54 52, pegasus 66 52 60, griffin 66 56 55, centaur 74 60 52, phoenix 52 60 40,
husky 64 58 48, pug 70 50 50, shiba-inu 66 54 50, guinea-pig 64 14 55, platypus 62 14 50, armadillo 62 28 52,
pelican 62 52 48, seagull 60 48 48, pterodactyl 54 60 44, praying-mantis 70 66 45,
gorilla 70 44 52, sheep 64 38 52, chicken 60 50 55, ostrich 66 42 50, duck 66 60 58,
swan 66 66 55, goose 62 56 52, rubber-duck 70 52 52,
motorcycle 64 44 80, motor-scooter 74 46 64, bicycle 62 36 72, kick-scooter 64 86 68, skateboard 45 46 90,
surfboard 52 52 75 lying, sled 60 52 65, tractor 70 50 62, broom 52 60 70,
racing-car 52 62 55 behind, convertible 62 54 55, pickup-truck 76 62 45 behind, canoe 50 50 55 behind,
sailboat 66 80 42, speedboat 62 48 50 behind, hot-air-balloon 50 93 26
"""

_FURNITURE = """
couch-and-lamp 50 70 62, chair 46 62 70, bed 62 62 58, park-bench 50 62 66, hammock 50 60 56,
wheelchair 42 66 64, seesaw 50 44 45,
iceberg 44 20 56, tower 50 12 52
"""


def _seat(row: str) -> tuple[str, Seat]:
    icon, across, down, large, *how = row.split()
    return icon, Seat(
        int(across) / 100, int(down) / 100, int(large) / 100, behind=how == ["behind"], lying=how == ["lying"]
    )


RIDDEN = dict(map(_seat, _SEATS.split(",")))
SEATS = RIDDEN | dict(map(_seat, _FURNITURE.split(",")))
