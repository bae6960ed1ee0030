"""Where animals and other creatures, drawn whole, wear things: on their heads, eyes, lips and necks. Data alone.

By their emoji's names, as `KnownSubject.icon` has them; none whose face fills its drawing. In hundredths of the room
that each takes in its drawings, which have that in common in all styles.
"""

from worker.engine.prompt_match.layout import WornPlace, WornPlaces

# Across, down and wide of the skull's top, of glasses, of a mustache and of the neck: see `WornPlaces`.
_PLACES = """
badger 33 3 46  33 32 46  33 71 28  36 79 46; bat 50 16 34  50 36 42  50 51 24  50 61 32;
beetle 50 7 26  50 17 26  50 23 14  50 26 34; bird 37 3 44  28 24 36  10 34 22  33 43 44;
bison 27 24 36  27 44 40  27 67 26  28 80 32; boar 36 18 34  27 36 32  9 67 22  46 62 32;
bug 24 25 38  24 47 38  24 57 20  29 73 32; camel 31 4 26  23 16 28  10 26 18  28 36 24;
capybara 30 8 34  24 25 32  11 42 22  37 56 34; cat 34 7 46  34 30 50  34 45 30  33 56 40;
chicken 28 10 28  26 23 26  12 32 16  29 47 34; chipmunk 30 21 34  22 38 32  11 53 22  32 58 32;
cow 34 4 34  34 24 38  34 51 28  34 60 34; cricket 14 34 24  11 46 24  9 60 14  24 62 22;
crocodile 36 2 26  35 16 28  9 46 20  54 44 26; crow 37 2 38  29 19 32  9 31 18  38 38 42;
deer 33 19 26  27 29 28  8 48 16  36 50 24; dog 38 4 38  38 22 40  38 42 26  38 52 38;
donkey 37 18 28  26 33 28  9 53 18  40 55 26; dove 31 20 28  23 33 26  12 44 14  32 55 32;
dragon 32 5 36  28 23 32  10 37 22  34 54 30; dragonfly 50 1 26  50 8 32  50 14 12  50 18 20;
eagle 53 3 30  47 17 28  35 30 16  52 42 32; elephant 32 6 36  26 26 32  24 50 22  43 57 34;
giraffe 34 10 26  25 22 28  9 38 16  41 40 26; goat 32 17 26  24 28 26  8 47 16  38 52 26;
goldfish 25 25 28  17 43 28  6 62 14  30 63 32; hedgehog 27 35 28  20 54 26  9 71 14  34 74 26;
hippopotamus 34 5 34  34 20 38  34 47 30  41 68 42; horse 34 12 28  26 27 28  8 45 18  40 48 28;
kangaroo 36 19 28  25 27 28  10 41 16  38 47 28; leopard 34 5 44  34 26 44  34 43 28  34 57 42;
lizard 28 5 32  22 19 30  8 36 18  32 46 26; llama 23 7 30  23 26 34  23 41 20  25 52 30;
lobster 50 19 28  50 33 32  50 42 18  50 50 30; meerkat 46 3 46  46 21 50  46 35 26  46 46 42;
monkey 50 4 46  50 28 44  50 44 28  50 57 42; monster 50 9 48  50 35 52  50 51 34  50 76 52;
mosquito 22 30 24  20 41 28  8 52 12  34 52 22; mouse 28 28 30  24 48 28  9 65 18  34 71 32;
narwhal 43 37 28  34 56 26  30 71 16  43 80 32; octopus 50 3 48  50 36 42  50 47 22  50 58 42;
orangutan 50 4 46  50 27 38  50 40 24  50 59 42; ostrich 25 2 20  23 9 20  10 14 10  28 25 16;
otter 39 4 48  39 22 48  39 41 28  39 53 46; parrot 42 2 36  33 23 32  15 42 16  40 46 38;
pig 33 7 42  33 29 46  33 52 26  34 63 42; piggy-bank 70 33 26  80 51 26  90 65 14  68 70 28;
poodle 33 6 36  23 32 30  10 47 18  36 56 34; rabbit 29 26 32  20 38 28  9 54 18  32 61 32;
ram 31 7 32  31 33 34  31 52 20  33 66 32; rhinoceros 40 16 28  31 29 28  9 56 20  47 60 28;
rubber-duck 39 3 40  33 17 34  13 33 20  42 45 40; sauropod 21 2 30  16 13 28  8 23 16  34 37 24;
scarecrow 50 18 40  50 28 34  50 38 18  50 46 30; scorpion 38 51 26  38 62 30  38 74 16  42 80 26;
seahorse 52 9 32  43 20 32  24 38 18  56 41 30; shark 26 30 28  18 44 28  10 60 18  34 72 30;
skeleton 50 3 42  50 19 38  50 32 20  50 43 32; skunk 26 40 30  19 58 28  8 75 16  34 77 28;
sloth 29 35 38  29 60 36  29 74 20  33 84 34; snail 16 3 28  16 8 34  13 47 16  16 58 24;
snake 31 2 30  27 14 28  10 28 14  49 32 22; spouting-whale 30 34 32  18 54 28  10 65 16  34 82 34;
squid 50 8 32  50 52 34  50 62 20  50 68 34; starfish 50 9 28  50 51 32  50 61 16  50 69 32;
stingray 50 3 30  50 17 34  50 31 16  50 42 28; t-rex 32 2 36  34 17 32  10 36 20  36 47 30;
tiger 34 6 44  34 27 44  34 44 28  34 56 40; toucan 70 3 38  63 20 32  44 36 18  72 46 38;
triceratops 33 29 28  27 44 26  9 60 14  43 66 28; turtle 14 9 26  12 28 24  8 43 12  20 54 22;
walrus 50 4 48  50 22 48  50 46 28  50 72 56; zebra 36 14 28  28 28 28  8 47 18  40 50 28;
owl 50 6 50  50 24 84  50 40 30  50 46 60; penguin 50 3 36  48 19 32  50 33 24  50 38 44;
duck 27 2 28  27 16 26  8 22 16  27 42 26; fox-whole 36 7 40  36 29 46  36 45 26  35 58 36;
bear-whole 35 5 40  35 27 42  35 43 26  36 54 40; lion-whole 36 8 46  36 29 40  36 44 26  36 60 44;
wolf-whole 36 7 40  36 29 46  36 45 26  36 60 36; panda-whole 50 3 46  49 28 52  49 42 26  50 54 46;
frog-whole 50 13 50  50 15 62  50 38 30  50 54 50; unicorn-whole 39 11 24  30 31 28  10 45 18  40 54 28;
raccoon-whole 36 8 42  36 32 46  36 47 26  36 58 38; koala-whole 50 3 44  50 24 46  50 42 26  50 54 44;
hamster-whole 50 4 44  50 29 50  50 42 26  50 54 48; gorilla 34 2 40  34 29 36  34 48 28  36 58 46;
sheep 34 4 36  33 33 40  33 50 24  35 58 36; phoenix 47 10 26  44 23 28  33 32 16  48 36 28;
griffin 33 2 36  28 25 36  10 42 20  35 56 34; pegasus 38 9 28  28 30 28  10 42 18  34 54 28;
centaur 40 3 36  40 22 34  40 27 20  40 40 26; minotaur 50 5 36  50 26 34  50 48 24  50 60 40;
grim-reaper 43 13 44  43 42 34  43 52 20  43 64 40; golem 50 3 44  50 29 42  50 39 26  50 48 40;
slime 50 12 36  50 57 52  50 66 26  50 76 60; orc 50 6 44  50 28 40  50 41 26  50 60 40;
dwarf 47 6 44  47 32 36  47 44 28  47 66 40; pelican 46 3 26  44 15 26  14 32 20  50 40 28;
seagull 38 3 32  33 17 30  10 26 16  40 36 36; guinea-pig 28 8 36  27 38 30  10 58 18  36 84 40;
mole 50 4 44  50 17 38  50 38 24  50 50 48; platypus 36 2 30  33 13 28  12 48 22  40 62 34;
husky 35 9 40  36 28 40  36 44 26  36 55 38; pug 37 3 46  37 23 48  37 42 26  37 52 42;
shiba-inu 31 9 44  31 25 42  31 39 26  31 53 42; reindeer 37 19 28  37 34 34  37 54 22  37 64 34;
pterodactyl 52 6 24  47 19 26  30 34 18  50 36 22; praying-mantis 28 6 38  28 16 44  28 30 20  33 42 22;
armadillo 20 30 26  20 46 26  9 62 18  32 74 34; doll 51 4 54  51 31 40  51 41 22  51 52 34;
gingerbread-man 50 2 54  50 24 46  50 33 28  50 49 36; virus 50 16 50  50 45 46  50 55 26  50 74 46;
statue 50 3 40  50 32 36  50 44 22  50 57 30
"""


def _places(row: str) -> tuple[str, WornPlaces]:
    icon, *numbers = row.split()
    shares = [int(each) / 100 for each in numbers]
    head, eyes, lip, neck = (WornPlace(*shares[at : at + 3]) for at in range(0, 12, 3))
    return icon, WornPlaces(head, eyes, lip, neck)


WEARERS = dict(map(_places, _PLACES.split(";")))
