"""Kinds of picture that the model has not learnt: a pencil sketch, a realistic photo, a book cover.

Their words may name things, of which none is meant: nobody who asks for a pencil sketch of a dog wants a pencil.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from worker.engine.prompt_match.words.phrases import Phrases
from worker.engine.prompt_match.words.spelling import phrase
from worker.engine.prompt_match.words.synonyms import IDLE_WORDS, STOP_WORDS, STYLES

from .denials import is_just_denied
from .joints import JOINS
from .lexicon import FILLERS, Kind, Lexicon
from .prompt import ARTICLES, PromptWords


def _listed(rows: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in rows.replace("\n", " ").split(","))


# With what one draws and paints, and what that makes.
_DRAWN = _listed("""
    pencil, pencils, colored pencil, coloured pencil, color pencil, colour pencil, colored pencils, graphite, crayon,
    crayons, wax crayon, chalk, charcoal, ink, pen, pens, pen and ink, pen and pencil, ballpoint, ballpoint pen,
    ball pen, fountain pen, marker, markers, felt tip, felt pen, quill, brush pen
""")
_PAINTED = _listed("""
    oil, oils, acrylic, acrylics, gouache, tempera, pastel, pastels, oil pastel, watercolor, watercolour, water color,
    watercolors, finger, spray paint, paint, brush, paintbrush, airbrush, sand, glass, silk
""")
_DRAWINGS = _listed("""
    sketch, sketches, drawing, drawings, doodle, doodles, art, artwork, illustration, illustrations, picture, portrait
""")
_PAINTINGS = ("painting", "paintings", "painted")
_BY_HAND = ("in", "drawn in", "drawn with", "drawn with a", "sketched in", "sketched with", "sketched with a",
            "done in", "colored with", "made with")  # fmt: skip
_WITH_A_BRUSH = ("painted with", "painted with a")
_IN_OILS = tuple(each for each in _PAINTED if each.endswith("s") or each.startswith("water"))  # fries are in oil
_ON = ("on canvas", "on paper", "on wood")


def _pairs(*sides: tuple[str, ...]) -> str:
    return ", ".join(map(" ".join, product(*sides)))


# Styles that come close → what is said.
_NOUNS = Phrases(
    {
        "cartoon": f"""{_pairs((*_DRAWN, "line", "hand"), _DRAWINGS)}, {_pairs(_BY_HAND, _DRAWN)},
            {_pairs(_DRAWN, _ON)}, hand drawn, line art, comic book, comic book page, comic book panel, comic strip,
            comic panel, comic page,
            manga page, manga panel, coloring book page, colouring book page, coloring page, colouring page""",
        "flat illustration": f"""{_pairs(_PAINTED, (*_DRAWINGS, *_PAINTINGS))}, {_pairs(_DRAWN, _PAINTINGS)},
            {_pairs(("in", "painted in", "done in"), _IN_OILS)}, {_pairs(_WITH_A_BRUSH, _PAINTED)},
            {_pairs(_PAINTED, _ON)}, watercolor, watercolour, painting of, paintings of""",
        "glossy sticker": """photo, photos, photograph, photographs, photography, polaroid, polaroid photo, film still,
            movie still, film photo, 3d render, 3d rendering, 3d model, 3d art, cgi, cgi render, realistic photo,
            realistic photograph, stock photo, close up photo, macro photo, wildlife photo, wildlife photography,
            studio photo, studio photograph, phone photo""",
        "simple icon": "pixel art, pixel sprite, 8 bit art, 8 bit pixel art, 16 bit art, 16 bit pixel art, 8bit art",
    }
)
_ADJECTIVES = Phrases(
    {
        "glossy sticker": "realistic, photorealistic, photo realistic, photoreal, photorealism, realism, lifelike, "
        "life like, hyperrealistic, hyper realistic, hyperrealism, ultra realistic, ultrarealistic, super realistic, "
        "semi realistic, true to life, cinematic, cgi",
    }
)
# Only how good it is to look; nothing is told of that.
_PRAISE = Phrases({"": _pairs(("cinematic", "realistic"), ("lighting", "light", "shadows", "details", "composition"))})
# What a picture is on, or made of; nothing is drawn for that.
_CARRIERS = _listed("""
    book, comic, magazine, album, cd, record, movie, film, travel, concert, circus, t shirt, shirt, mug, phone,
    birthday, christmas, valentine, greeting, tarot, playing, trading, post, wood, wooden, ice, snow, sand, stone,
    marble, bronze, butter, chocolate, balloon, cake, paper, stained glass, newspaper, video game, game, wall,
    window, neon, pumpkin, candle, coin, soap, wax, flower, leaf, lego, cookie
""")
_FORMS = _listed("""
    cover, covers, page, poster, posters, card, cards, design, print, ad, advertisement, wallpaper, case, carving,
    sculpture, statue, statuette, figurine, figure, model, cutout, mural, engraving, decal, decoration
""")
_SURFACES = Phrases({"": f"{_pairs(_CARRIERS, _FORMS)}, stained glass window, stained glass panel"})
_OF = frozenset(("of", "with", "showing", "featuring", "depicting"))
_MAKES = frozenset(("drawing", "drawings", "painting", "paintings", "painted"))  # a pencil drawing a dog does that
# Words that join things, but lead to what kind of picture it is as well.
_LEADS = frozenset(("in", "on", "as", "from", "into", "like", "of", "for"))
_IDLE = FILLERS | STOP_WORDS | IDLE_WORDS | frozenset(STYLES)


@dataclass(frozen=True)
class PictureKind:
    """Which words of the prompt it is, and a known style that comes close to it; "" where none does.

    `weak`: it only says how a picture of another kind is, if there is one: a realistic oil painting.
    """

    words: range
    style: str
    weak: bool = False


def find(prompt: PromptWords, lexicon: Lexicon) -> list[PictureKind]:
    """The kinds of picture that a prompt names beside what it shows, but for those of which the model has no style."""
    found = [*_all(prompt, lexicon)]
    taken = {at for each in found for at in each.words}
    shown = any(at not in taken and word not in _IDLE for at, word in enumerate(prompt.plain))
    return found if shown else []


def _all(prompt: PromptWords, lexicon: Lexicon) -> Iterator[PictureKind]:
    at = 0
    while at < len(prompt):
        each = _at(prompt, lexicon, at) if prompt.free(at) and not is_just_denied(prompt, at) else None
        if each:
            yield each
        at = each.words.stop if each else at + 1


def _at(prompt: PromptWords, lexicon: Lexicon, at: int) -> PictureKind | None:
    """The kind of picture that the words from one on say, the longest first."""
    plain = prompt.plain[: prompt.part(at)]
    named = lexicon.match(plain, at)
    longest = named[1] if named else 0
    kinds = [(table, *said) for table in (_PRAISE, _SURFACES, _NOUNS, _ADJECTIVES) if (said := table.match(plain, at))]
    for table, style, length in sorted(kinds, key=lambda each: -each[2]):
        words = range(at, at + length)
        if length < longest or (table is _PRAISE):
            return None  # the statue of liberty
        known = lexicon.names.get(phrase(style)) if style else None
        if style and not (known and known.kind is Kind.STYLE):
            continue
        if table is _ADJECTIVES or _is_of_the_picture(prompt, words, surface=table is _SURFACES):
            of = length > 1 and plain[at + length - 1] == "of"
            return PictureKind(range(at, at + length - of), known.words if known else "", weak=table is _ADJECTIVES)
    return None


def _is_of_the_picture(prompt: PromptWords, words: range, *, surface: bool) -> bool:
    """Whether words say of what kind the picture is, and not what somebody in it has, does or is beside."""
    plain, end = prompt.plain, words.stop
    after = "" if _breaks(prompt, end) else plain[end]
    of = after in _OF or plain[end - 1] == "of"
    if after in ARTICLES and not _MAKES.isdisjoint(plain[end - 1 : end]):
        return False
    goes_on = bool(after) and not of and after not in FILLERS
    if goes_on and (surface or end - words.start == 1):
        return False  # a photo album, a book cover letter
    begin = words.start
    while begin and not prompt.words[begin].breaks and (plain[begin - 1] in ARTICLES or _is_praise(plain, begin - 1)):
        begin -= 1
    before = plain[begin - 1] if begin and not prompt.words[begin].breaks else ""
    if before in JOINS.words and before not in _LEADS:
        return False  # holding a photo of a cat
    return of or not surface or before in _LEADS or (begin > 0 and not before)  # a dragon, book cover


def _breaks(prompt: PromptWords, at: int) -> bool:
    """Whether a part of the prompt ends before a word: at a comma, or as in `a sketch: a dog`."""
    ends = at >= len(prompt) or prompt.words[at].breaks
    return ends or ":" in prompt.text[prompt.words[at - 1].end : prompt.words[at].start]


def _is_praise(plain: list[str], at: int) -> bool:
    return _ADJECTIVES.match(plain, at) is not None or (plain[at] in STOP_WORDS and plain[at] not in JOINS.words)
