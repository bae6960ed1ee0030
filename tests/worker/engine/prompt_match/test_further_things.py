"""Names that are parts of other things, verbs or places too; people by what they do; animals whole and as faces."""

import pytest

from tests.worker.engine.prompt_match.test_more_things import STARTER, found, left, names
from tests.worker.engine.prompt_match.vocabularies import asked
from worker.engine.prompt_match.layout import Relation


def told(prompt: str) -> list[tuple[str, str]]:
    notice = STARTER.read(asked(prompt)).notice
    return [(each.asked, each.took) for each in notice.taken] if notice else []


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("a house with a red door", ["house"]),
        ("a house with blue windows", ["house"]),
        ("a car with big wheels", ["red car"]),
        ("a bus with four wheels and a window", ["bus"]),
        ("a gift with a red ribbon", ["gift"]),
        ("a castle with a door", ["castle"]),
        ("a haunted house with broken windows", ["haunted house"]),
        ("a surfer on a wave", ["surfer"]),
        ("a surfer with a surfboard", ["surfer"]),
        ("a smiling sun with a face", ["smiling sun"]),
        ("sleepy face with zzz", ["sleeping face"]),
        ("a face with hearts", ["smiling face with hearts"]),
        ("a flower on a leaf", ["tulip", "fallen leaf"]),
        ("a fox and a door", ["fox", "door"]),
        ("a dragon guarding a red door", ["dragon", "red door"]),
        ("three wheels", ["wheel"] * 3),
        ("a bear with a ribbon", ["bear", "ribbon"]),
    ],
)
def test_a_part_that_the_drawing_has_is_not_drawn_beside_it(prompt: str, drawn: list[str]):
    assert names(prompt) == drawn


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("a fly", ["fly"]),
        ("three flies", ["fly"] * 3),
        ("a frog eating a fly", ["frog", "fly"]),
        ("birds fly over the sea", ["bird", "bird"]),
        ("a bird flies over a house", ["bird", "house"]),
        ("a bird that can fly", ["bird"]),
        ("owls can fly", ["owl", "owl"]),
        ("i want to fly", ["(fly)"]),
        ("time flies", ["(time flies)"]),
        ("fly agaric", ["mushroom"]),
        ("a fly swatter", ["(fly swatter)"]),
        ("a butterfly", ["butterfly"]),
        ("an ice cube", ["ice cube"]),
        ("ice cream", ["ice cream"]),
        ("ice skating", ["(ice skating)"]),
        ("an ice cold lemonade", ["soda"]),
        ("a padlock and a key", ["padlock", "key"]),
        ("a lock", ["padlock"]),
        ("a lock of hair", ["(lock)", "(hair)"]),
        ("the door is locked", ["door"]),
        ("a locked chest", ["(locked chest)"]),
        ("a wheel of cheese", ["cheese wedge"]),
        ("a ferris wheel", ["ferris wheel"]),
        ("a hamster at the wheel of a truck", ["hamster", "truck"]),
        ("a steering wheel", ["wheel"]),
        ("a tram station", ["(tram station)"]),
        ("a city bus", ["bus"]),
        ("a city park", ["(city park)"]),
        ("a pen pal", ["(pen pal)"]),
        ("a pig pen", ["pig"]),
        ("a fountain pen", ["pen"]),
        ("a bowling pin", ["bowling"]),
        ("a pin", ["pushpin"]),
        ("a mouse pad", ["(mouse pad)"]),
        ("a mouse", ["mouse"]),
        ("a computer mouse", ["computer mouse"]),
        ("a wireless mouse", ["computer mouse"]),
        ("a keyboard and a mouse", ["keyboard", "computer mouse"]),
        ("a laptop with a mouse", ["laptop", "computer mouse"]),
        ("a cat and a mouse", ["cat", "mouse"]),
        ("a mouse on a laptop", ["mouse", "laptop"]),
        ("a piano keyboard", ["piano"]),
        ("a bear playing the keyboard", ["bear", "piano"]),
        ("a cat on a keyboard", ["cat", "keyboard"]),
        ("a man surfing the web", ["man", "laptop"]),
        ("a fox surfing the web on a sofa", ["fox", "sofa", "laptop"]),
        ("a spider on a web", ["spider", "spider web"]),
        ("an april shower", ["cloud with rain"]),
        ("a baby shower", ["(baby shower)"]),
        ("a muscle car", ["racing car"]),
        ("a bug", ["ladybug"]),
        ("a computer bug", ["(computer bug)"]),
        ("a jar of honey", ["honey pot"]),
        ("a jar of cookies", ["cookie", "cookie", "jar"]),
        ("a hope chest", ["(hope chest)"]),
        ("a fox with short hair", ["fox"]),
        ("shorts", ["shorts"]),
        ("a robot waving goodbye", ["robot"]),
        ("goodbye", ["waving hand"]),
        ("a calm sea", ["wave"]),
        ("peaceful", ["(peaceful)"]),
        ("a serious face", ["neutral face"]),
        ("knife and fork", ["fork and knife"]),
        ("a fork and a knife", ["fork and knife"]),
        ("bride and groom", ["bride", "man in a tuxedo"]),
        ("a spider in a web", ["spider", "spider web"]),
    ],
)
def test_names_of_many_senses_mean_what_people_mean_by_them(prompt: str, drawn: list[str]):
    assert names(prompt) == drawn


@pytest.mark.parametrize(
    "word",
    [
        "table", "later", "nothing", "air", "front", "press", "why", "boss", "band", "chest", "float", "pipe", "record",
        "charge", "save", "turn", "turns", "records",
        "charges", "gain", "bullets", "gym", "beast", "lunchtime", "rip", "view", "tire tracks", "memorial", "crush",
    ],
)  # fmt: skip
def test_words_that_only_lead_to_an_emoji_draw_it_neither_alone_nor_beside_another(word: str):
    further = {
        "waving hand", "jar", "window", "strong arm", "pleading face", "smirking face", "flute", "toolbox", "life ring",
        "credit card", "wheel", "gravestone", "smiling face with hearts", "movie camera", "door", "ping pong paddle",
    }  # fmt: skip
    for prompt in (word, f"a {word}", f"a fox with a {word}", f"a fox and a {word}"):
        assert not further & {*names(prompt)}, prompt


@pytest.mark.parametrize(
    ("prompt", "relation"),
    [
        ("a cat looking in the mirror", Relation.BEFORE),
        ("a cat sitting in the window", Relation.BEFORE),
        ("a fox looking out of a window", Relation.BEFORE),
        ("a man at the door", Relation.BEFORE),
        ("a steam train crossing a bridge", Relation.BEFORE),
        ("a truck on a bridge", Relation.BEFORE),
        ("a spider on a web", Relation.BEFORE),
        ("a cat under a parasol", Relation.BEFORE),
        ("a bear taking a shower", Relation.ABOVE),
        ("a bear with zzz", Relation.ABOVE),
        ("a raccoon in a trash can", Relation.IN),
        ("a jar full of candy", Relation.IN),
        ("a dog driving a jeep", Relation.IN),
        ("a rabbit on a kick scooter", Relation.ON),
        ("a robot with a helmet", Relation.ON_HEAD),
        ("a cat with a pink ribbon", Relation.UNDER_HEAD),
        ("a fox with a spoon", Relation.WITH),
    ],
)
def test_further_things_stand_where_they_belong(prompt: str, relation: Relation):
    assert found(prompt).relation is relation
    assert left(prompt) == ()


@pytest.mark.parametrize("prompt", ["a taxi in the city", "a dragon flying over the city", "a penguin on the ice"])
def test_what_is_a_place_beside_another_thing_is_its_scenery(prompt: str):
    layout = found(prompt)
    assert len(layout.figures) == 1
    assert layout.scenery


MEN = ("a man", "a guy", "a boy", "somebody", "a grandpa", "he is", "the man is", "a person who is")
WOMEN = ("a woman", "a girl", "she is", "a lady", "my mom")
DEEDS = [
    ("running", "runner"),
    ("jogging", "runner"),
    ("surfing", "surfer"),
    ("riding a big wave", "surfer"),
    ("swimming", "swimmer"),
    ("lifting weights", "weightlifter"),
    ("at the gym", "weightlifter"),
    ("playing basketball", "basketball player"),
    ("dribbling a ball", "basketball player"),
    ("playing golf", "golfer"),
    ("skiing", "skier"),
    ("snowboarding", "snowboarder"),
    ("juggling", "juggler"),
    ("meditating", "meditating person"),
    ("doing yoga", "meditating person"),
    ("cycling", "cyclist"),
    ("riding a bike", "cyclist"),
    ("sleeping in bed", "sleeping person"),
]


@pytest.mark.parametrize(("deed", "figure"), DEEDS)
def test_people_who_do_something_are_the_figure_that_does_it(deed: str, figure: str):
    for who in (*MEN, *WOMEN):
        assert names(f"{who} {deed}")[:1] == [figure], who  # then the head of a child, of somebody old
        assert left(f"{who} {deed}") == ()
    assert names(f"a man {deed} at sunset")[0] == figure


@pytest.mark.parametrize(
    ("who", "figure"), [*((who, "dancing man") for who in MEN), *((who, "dancer") for who in WOMEN)]
)
def test_men_and_women_dance_as_such(who: str, figure: str):
    assert names(f"{who} dancing")[:1] == [figure]


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("a running man", ["runner"]),
        ("dancing women", ["dancer"] * 2),
        ("three men running", ["runner"] * 3),
        ("two running men", ["runner"] * 2),
        ("kids playing basketball", ["basketball player"] * 2),
        ("a man and a woman dancing", ["dancing man", "dancer"]),
        ("a man and a dog running", ["runner", "whole dog"]),
        ("a person running", ["runner"]),
        ("a man running from a bear", ["runner", "whole bear", "cloud of dust"]),
        ("a woman swimming with a dolphin", ["swimmer", "dolphin"]),
        ("a girl in a kimono dancing", ["girl", "kimono"]),
        ("a boy riding a red bike", ["boy", "red bicycle"]),
        ("a man running a business", ["man"]),
        ("a man sleeping on a sofa", ["man", "sofa", "zzz"]),
        ("a baby sleeping", ["baby", "zzz"]),
        ("an astronaut baking", ["astronaut"]),
        ("an astronaut fishing", ["fisherman", "astronaut"]),
        ("a penguin surfing", ["penguin"]),
        ("a cat on a surfboard", ["whole cat", "surfboard"]),
        ("a penguin skiing", ["penguin"]),
        ("santa knitting", ["santa claus"]),
        ("a snowman juggling", ["snowman"]),
        ("no man running, a fox", ["fox"]),
        ("basketball player dunking", ["basketball player"]),
        ("a runner", ["runner"]),
        ("a jogger", ["runner"]),
        ("a ballerina", ["ballerina"]),
        ("an orthodontist", ["(orthodontist)"]),
    ],
)
def test_others_who_do_so_and_people_who_do_something_else_are_not(prompt: str, drawn: list[str]):
    assert names(prompt) == drawn


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("a man with a beard", "man with a beard"),
        ("a bearded guy", "man with a beard"),
        ("a man with a long white beard", "man with a beard"),
        ("an old man with a beard", "grandpa"),
        ("a wizard with a beard", "wizard"),
        ("a cat with a beard", "cat"),
        ("a woman with red hair", "woman with red hair"),
        ("girl with curly red hair", "woman with red hair"),
        ("a red-haired girl", "woman with red hair"),
        ("a ginger woman", "woman with red hair"),
        ("a redhead", "woman with red hair"),
        ("a girl with long curly hair", "woman with curly hair"),
        ("a girl with pink hair", "girl"),
        ("a boy with red hair", "boy"),
        ("a man in a suit", "office worker"),
        ("a guy wearing a black suit and tie", "office worker"),
        ("a businessman", "office worker"),
        ("a man in a space suit", "man"),
        ("a penguin in a suit", "penguin"),
        ("a gentleman in a tuxedo", "man in a tuxedo"),
        ("a penguin in a tuxedo", "penguin"),
        ("a car mechanic", "mechanic"),
        ("a genie in a lamp", "genie"),
        ("a spooky house", "haunted house"),
        ("a creepy old house", "haunted house"),
        ("an abandoned mansion", "haunted house"),
        ("a house with a big garden", "house with garden"),
        ("the city skyline", "city skyline"),
    ],
)
def test_people_and_houses_by_how_they_look(prompt: str, drawn: str):
    assert names(prompt) == [drawn]


def test_who_has_hair_of_a_drawing_wears_what_is_told_after_it():
    for prompt in ("a woman with curly hair and glasses", "a man with a beard and glasses"):
        assert found(prompt).relation is Relation.ON_EYES


def test_what_is_drawn_for_somebody_is_told_unless_it_has_the_same_name():
    assert told("a woman jogging") == [("woman jogging", "runner")]
    assert told("a girl with red hair") == [("girl with red hair", "woman with red hair")]
    for prompt in ("a man dancing", "a man with a big beard", "a house with a garden", "a person sleeping in bed"):
        assert told(prompt) == []


@pytest.mark.parametrize(
    "animal", ["cat", "cow", "dog", "monkey", "mouse", "pig", "rabbit", "tiger", "bear", "frog", "koala"]
)
def test_an_animal_is_its_face_unless_a_body_is_asked_for(animal: str):
    whole = f"whole {animal}"
    for prompt in ("a {}", "a happy {}", "a {} with a hat", "a {} sleeping", "a {} eating pizza", "a {} in the forest",
                   "a {} on a sofa", "a {} face", "a {} and a lemon"):  # fmt: skip
        assert names(prompt.format(animal))[0] == animal, prompt
    for prompt in (
        "a {} standing",
        "a {} walking",
        "a whole {}",
        "full body {}",
        "a {} from the side",
        "a {}, side view",
    ):
        assert (names(prompt.format(animal)), left(prompt.format(animal))) == ([whole], ()), prompt
    for prompt in ("a {} running", "a running {}", "the {} is jumping", "a {} hunting", "a {} grazing in a field"):
        assert names(prompt.format(animal)) == [whole], prompt
        assert left(prompt.format(animal)), prompt  # it runs in no drawing
    assert names(f"a fox riding a {animal}") == ["whole fox", whole]
    assert names(f"two {animal}s running" if animal != "mouse" else "two mice running") == [whole] * 2
    assert names(f"a fox and a {animal} running") == ["whole fox", whole]


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("a kitten running", ["whole cat"]),
        ("a beagle running", ["whole dog"]),
        ("an orange cat running", ["orange whole cat"]),
        ("a black cat running", ["black cat"]),
        ("a cow jumping over the moon", ["whole cow", "moon"]),
        ("a tiger walking on a bridge", ["whole tiger", "bridge"]),
        ("a fox running", ["whole fox"]),
        ("a jumping pig", ["whole pig"]),
        ("a monkey doing a backflip", ["gymnast", "monkey"]),
        ("a dog riding a scooter", ["whole dog", "scooter"]),
        ("a cat riding a unicorn", ["whole cat", "whole unicorn"]),
        ("a mouse driving a car", ["mouse", "convertible"]),
        ("a dog and a man riding a bicycle", ["dog", "cyclist"]),
        ("a sun", ["sun"]),
        ("a smiling sun", ["smiling sun"]),
        ("the sun but its smiling", ["smiling sun"]),
        ("a sun with a happy face", ["smiling sun"]),
        ("a moon with a smile", ["smiling moon"]),
        ("a sun and a happy face", ["sun", "happy face"]),
        ("a sun over a happy cat", ["sun", "cat"]),
        ("a sun with sunglasses", ["sun", "sunglasses"]),
    ],
)
def test_so_do_breeds_and_painted_ones_and_the_sun_has_a_face_where_it_is_said(prompt: str, drawn: list[str]):
    assert names(prompt) == drawn


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("firefighter lady", ["firefighter"]),
        ("an astronaut girl", ["astronaut"]),
        ("two wizard boys", ["wizard", "wizard"]),
        ("a chef woman and a doctor guy", ["chef", "doctor"]),
        ("a ninja kid with a balloon", ["ninja", "balloon"]),
        ("a zombie girl", ["zombie"]),
        ("a princess and a man", ["princess", "man"]),
        ("a wizard, a girl", ["wizard", "girl"]),
        ("a robot girl", ["girl"]),
        ("a cat lady", ["woman"]),
    ],
)
def test_who_has_a_trade_stays_that_whatever_else_they_are_called(prompt: str, drawn: list[str]):
    assert names(prompt) == drawn
