"""What the starter can draw: subjects, styles and background colours, with the words for each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """One thing to draw. `icon` is its name in every glyph set; the first of `names` is the usual one."""

    icon: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Style:
    """One glyph set and the words that ask for it (the first is the usual one)."""

    package: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Colour:
    """A background. `names` are its words, `rgb` its value (0..255)."""

    names: tuple[str, ...]
    rgb: tuple[int, int, int]


def _subject(icon: str, *names: str) -> Subject:
    return Subject(icon, names or (icon.replace("-", " "),))


STYLES: tuple[Style, ...] = (
    Style("@iconify-json/fluent-emoji-flat", ("flat illustration", "flat design", "flat vector drawing")),
    Style("@iconify-json/fluent-emoji", ("glossy sticker", "glossy 3d sticker", "shiny sticker")),
    Style("@iconify-json/noto", ("cartoon", "cartoon drawing", "cartoon picture")),
    Style("@iconify-json/twemoji", ("simple icon", "icon", "minimal icon")),
)

COLOURS: tuple[Colour, ...] = (
    Colour(("white",), (255, 255, 255)),
    Colour(("light gray", "light grey", "gray", "grey"), (205, 208, 214)),
    Colour(("black",), (22, 22, 26)),
    Colour(("light blue", "sky blue"), (170, 214, 245)),
    Colour(("dark blue", "navy blue", "navy", "blue"), (36, 62, 140)),
    Colour(("teal", "turquoise"), (24, 142, 146)),
    Colour(("mint green", "light green", "green"), (164, 230, 186)),
    Colour(("yellow",), (255, 224, 92)),
    Colour(("orange",), (255, 164, 76)),
    Colour(("pink", "light pink"), (255, 182, 206)),
    Colour(("lavender", "light purple", "lilac"), (206, 190, 248)),
    Colour(("purple", "violet"), (120, 66, 178)),
)

SUBJECTS: tuple[Subject, ...] = (
    _subject("red-apple", "red apple", "apple"),
    _subject("strawberry"),
    _subject("banana"),
    _subject("pineapple"),
    _subject("watermelon", "watermelon", "slice of watermelon", "watermelon slice"),
    _subject("cherries", "cherries", "cherry", "pair of cherries"),
    _subject("mushroom", "mushroom", "toadstool"),
    _subject("cat-face", "cat", "cat face", "kitten"),
    _subject("dog-face", "dog", "dog face", "puppy"),
    _subject("fox"),
    _subject("panda", "panda", "panda bear"),
    _subject("tiger-face", "tiger", "tiger face"),
    _subject("lion"),
    _subject("rabbit-face", "rabbit", "bunny", "rabbit face"),
    _subject("pig-face", "pig", "pig face", "piglet"),
    _subject("frog"),
    _subject("unicorn"),
    _subject("penguin"),
    _subject("owl"),
    _subject("spouting-whale", "whale", "spouting whale"),
    _subject("octopus"),
    _subject("tropical-fish", "fish", "tropical fish"),
    _subject("turtle", "turtle", "tortoise"),
    _subject("snail"),
    _subject("butterfly"),
    _subject("lady-beetle", "ladybug", "ladybird", "lady beetle"),
    _subject("rocket", "rocket", "rocket ship", "spaceship"),
    _subject("airplane", "airplane", "plane", "aeroplane"),
    _subject("automobile", "red car", "car", "automobile"),
    _subject("bicycle", "bicycle", "bike"),
    _subject("sailboat", "sailboat", "sailing boat", "boat"),
    _subject("house", "house", "home"),
    _subject("castle"),
    _subject("evergreen-tree", "evergreen tree", "tree", "pine tree", "fir tree"),
    _subject("palm-tree", "palm tree", "palm"),
    _subject("cactus"),
    _subject("sunflower"),
    _subject("rose", "rose", "red rose"),
    _subject("tulip"),
    _subject("sun"),
    _subject("crescent-moon", "moon", "crescent moon"),
    _subject("star", "star", "golden star"),
    _subject("cloud"),
    _subject("rainbow"),
    _subject("snowman"),
    _subject("fire", "fire", "flame"),
    _subject("red-heart", "red heart", "heart"),
    _subject("ghost"),
    _subject("robot", "robot", "robot face"),
    _subject("skull"),
    _subject("alien", "alien", "alien face"),
    _subject("jack-o-lantern", "pumpkin", "jack-o-lantern", "halloween pumpkin"),
    _subject("crown", "crown", "golden crown"),
    _subject("balloon", "red balloon", "balloon"),
    _subject("wrapped-gift", "gift", "wrapped gift", "present", "gift box"),
    _subject("guitar", "guitar", "electric guitar"),
    _subject("hamburger", "hamburger", "burger", "cheeseburger"),
    _subject("pizza", "pizza", "slice of pizza", "pizza slice"),
    _subject("soft-ice-cream", "ice cream", "soft ice cream", "ice cream cone"),
    _subject("birthday-cake", "birthday cake", "cake"),
    _subject("doughnut", "doughnut", "donut"),
    _subject("hot-beverage", "cup of coffee", "coffee", "coffee cup", "hot drink"),
    _subject("umbrella"),
    _subject("soccer-ball", "soccer ball", "football"),
)
