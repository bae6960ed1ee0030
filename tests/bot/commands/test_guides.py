"""Pictures to follow, and pictures named by links, as a person sees them: typed, refused, changed, drawn again."""

from typing import Any

import pytest

from bot.commands.flagged import LINE
from deploy.sandbox.client import Message, file
from tests.bot.commands.test_begin_with import ABLE, PHOTO, able, gone_by_link, gone_by_record, picture, refused
from tests.bot.commands.test_change import fields, opened
from tests.bot.harness import STARTER, Harness, until
from worker.contract.message.verbs import Verb
from worker.contract.types.guide_info import CANNY, SCRIBBLE, STYLE, GuideInfo
from worker.contract.types.job import Job
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import SourceRole

FOLLOWS = ABLE.model_copy(
    update={
        "id": "follows", "title": "Follows",
        "guides": (
            GuideInfo(id="canny", title="Edges", kind=CANNY, weight=0.9),
            GuideInfo(id="lines", title="Scribbles", kind=SCRIBBLE),
            GuideInfo(id="look", title="Look", kind=STYLE),
        ),
    }
)  # fmt: skip
ONLY_LOOKS = FOLLOWS.model_copy(update={"id": "looks", "title": "Looks", "guides": (FOLLOWS.guides[2],)})
SKETCH = file("sketch.png", picture())
OLD = ModelInfo.model_validate(FOLLOWS.model_dump(exclude={"guides"}))  # as a worker that knows of none says it


@pytest.fixture
async def harness(harness: Harness) -> Harness:
    """Whoever draws can follow pictures, too."""
    harness.capabilities = (*STARTER.capabilities, *FOLLOWS.capabilities)
    return harness


async def followed(harness: Harness, *, done: bool = False, **options: Any) -> tuple[Job, Message]:
    given = {"guide": SKETCH, **options}
    asked = await harness.imagine(**{name: value for name, value in given.items() if value is not None})
    job = await until(lambda: harness.job(asked.id), lambda found: found.destination.message is not None)
    message = await harness.answer(asked)
    if done:
        job = await harness.finish(job, message)
    return job, await harness.discord.message(message)


def link(message: Message, job: Job, number: int = 0) -> str:
    found = f"https://discord.com/channels/{job.destination.server}/{message.channel_id}/{message.id}"
    return found + (f"#{number}" if number else "")


def guides(job: Job) -> list[tuple[str, float, str]]:
    return [(each.id, each.weight, str(each.picture.role)) for each in job.request.guides]


async def test_a_guide_and_a_style_arrive_and_the_message_says_so(harness: Harness):
    await able(harness, FOLLOWS)
    job, _ = await followed(harness, guide_by="Scribbles", guide_weight=0.5, style=PHOTO, style_weight=1.5, image=PHOTO)
    asked = job.request
    assert guides(job) == [("lines", 0.5, SourceRole.GUIDE), ("look", 1.5, SourceRole.REFERENCE)]
    assert (asked.version, asked.needs) == (6, ("img2img:follows", "guide/lines:follows", "guide/look:follows"))
    assert job.sources is not None
    assert len({each.attachment for each in job.sources.pictures}) == 3
    assert "attachments" not in asked.model_dump_json()


async def test_what_was_not_said_is_the_models_own_and_the_shape_is_the_guides(harness: Harness):
    await able(harness, STARTER, FOLLOWS)
    job, _ = await followed(harness)
    assert (job.request.model, guides(job)) == ("follows", [("canny", 0.9, SourceRole.GUIDE)])
    assert job.request.width > job.request.height
    looks, _ = await followed(harness, guide=None, style=PHOTO)
    assert looks.request.width == looks.request.height


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"guide": file("a.txt", b"words")}, "That picture can't be used. It is no PNG, JPEG, WebP or GIF picture."),
        ({"guide_by": "canny"}, "`guide_by` says how a picture is followed. Attach one as `guide`, name one by `--g"),
        ({"style_weight": 0.5}, "`style_weight` says how a picture is followed. Attach one as `style`, name one by"),
        (
            {"guide": SKETCH, "model": "old"},
            "Old can't follow a picture. These can: **Follows**. Choose one",
        ),
        ({"guide": SKETCH, "model": "looks"}, "Looks can't follow a picture. These can: **Follows**."),
        ({"style": SKETCH, "model": "old"}, "Old can't take its style from a picture. These can: **Follows**, **Looks"),
        ({"guide": SKETCH, "guide_by": "depth"}, "Follows cannot follow a picture by depth. It can by: canny, lines."),
        ({"guide": SKETCH, "guide_by": "look"}, "Follows cannot follow a picture by look. It can by: canny, lines."),
        (
            {"prompt": "x --guide https://example.com/a.png"},
            "`--guide`: “https\\:\\/\\/example.com\\/a.png” leads",
        ),
        ({"prompt": "x --sref 123"}, "`style`: “123” leads to no picture of Easel's in this server that you can see."),
        ({"image_link": "https://discord.com/channels/1/2/3"}, "`image`: “https\\:\\/\\/discord.com\\/channels"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(harness: Harness, options: dict[str, Any], said: str):
    old = OLD.model_copy(update={"id": "old", "title": "Old"})
    await able(harness, FOLLOWS, old, ONLY_LOOKS)
    content = (await refused(harness, **options)).content
    assert content.startswith((said, said.replace("`style`", "`--sref`")))


async def test_ways_to_follow_complete_themselves_by_the_model(harness: Harness):
    await able(harness, FOLLOWS, ONLY_LOOKS)

    async def offered(typed: str, **options: str) -> list[str]:
        found = await harness.discord.autocomplete("gallery", "bea", "imagine", "guide_by", typed, options=options)
        return [each["value"] for each in found]

    assert await offered("") == ["canny", "lines"]
    assert await offered("scri", model="follows") == ["lines"]
    assert await offered("", model="looks") == []


async def test_a_refusal_keeps_the_pictures_for_the_form(harness: Harness):
    await able(harness, FOLLOWS)
    message = await refused(harness, guide=SKETCH, style=PHOTO, guide_by="lines", guide_weight=0.5, steps=61)
    shown = await opened(harness, message)
    flags = fields(shown)[LINE]
    assert "--guide-by lines --guide-weight 0.5" in flags
    asked = await harness.discord.submit(shown, {"flags": flags.replace("--steps 61", "--steps 6")}, "bea")
    job = await harness.job(asked.id)
    assert guides(job) == [("lines", 0.5, SourceRole.GUIDE), ("look", 1, SourceRole.REFERENCE)]


async def test_results_are_named_by_links_in_each_way_that_there_is(harness: Harness):
    await able(harness, STARTER, FOLLOWS)
    first, ours = await harness.posted()
    (shown,) = ours.files
    there, itself = link(ours, first), shown.url
    for typed in (
        {"prompt": f"x --guide <{there}> --guide-by lines --sref {itself} --sw 50 --image {there}#1"},
        {"prompt": f"x --sref {there} --guide={there}#1 --guide-by lines --sw 50", "image_link": itself},
    ):
        job = await harness.job((await harness.imagine("cem", **typed)).id)
        assert guides(job) == [("lines", 1, SourceRole.GUIDE), ("look", 0.5, SourceRole.REFERENCE)]
        assert [(each.width, each.height) for each in job.request.pictures] == [(128, 128)] * 3
        assert job.sources is not None
        for place in job.sources.pictures:
            assert (place.attachment, place.message, place.channel) == (shown.id, ours.id, ours.channel_id)


@pytest.mark.parametrize("denied", ["VIEW_CHANNEL", "READ_MESSAGE_HISTORY"])
async def test_nobody_draws_from_what_they_cannot_see(harness: Harness, denied: str):
    await able(harness, STARTER, FOLLOWS)
    first, ours = await harness.posted()
    await harness.discord.overwrite("gallery", "cem", deny=[denied])
    for typed in (link(ours, first), ours.files[0].url):
        asked = await harness.imagine("cem", "general", image_link=typed)
        assert "leads to no picture of Easel's in this server that you can see" in (await harness.answer(asked)).content
    theirs = await harness.discord.say("general", "cem", "hello")
    asked = await harness.imagine("cem", "general", image_link=link(theirs, first))
    assert "leads to no picture" in (await harness.answer(asked)).content
    assert await harness.all_jobs() == [first.id]


async def test_both_an_attachment_and_a_link_are_told_apart(harness: Harness):
    await able(harness, STARTER, FOLLOWS)
    first, ours = await harness.posted()
    asked = await harness.imagine("bea", image=PHOTO, image_link=link(ours, first))
    job = await until(lambda: harness.job(asked.id), lambda found: found.destination.message is not None)
    assert job.sources is not None
    assert job.sources.pictures[0].message is None
    said = await harness.discord.wait_message("gallery", lambda each: each.ephemeral)
    assert said.content.startswith("What is typed as an option counts, so `--image https://")


async def test_what_is_to_be_copied_has_links_and_says_what_it_lacks(harness: Harness):
    await able(harness, STARTER, FOLLOWS)
    first, ours = await harness.posted()
    _, message = await followed(harness, done=True, prompt=f"x --sref {link(ours, first)}", guide_weight=0.5)
    said = (await harness.answer(await harness.discord.press(message, "1:more:", "cem"))).content
    assert f"--sref {link(ours, first)} --style-by look --style-weight 1" in said
    assert "--guide" not in said.partition("\n-#")[0]
    assert "Attach them anew: `guide` `guide_by:canny` `guide_weight:0.5`." in said


async def test_rerun_follows_the_same_again_or_says_that_it_is_gone(harness: Harness):
    await able(harness, FOLLOWS)
    first, message = await followed(harness, done=True)
    again = await harness.job((await harness.discord.press(message, "1:rerun:", "cem")).id)
    assert (again.request.guides, again.sources) == (first.request.guides, first.sources)
    await gone_by_link(harness, first)
    told = await harness.answer(await harness.discord.press(message, "1:rerun:", "dua"))
    assert told.content.startswith("The picture that this was drawn from is gone")
    pressed = await harness.discord.press(told, "Draw without it", "dua")
    bare = await until(lambda: harness.job(pressed.id), lambda job: job.destination.message is not None)
    assert (bare.request.guides, bare.sources) == ((), None)


@pytest.mark.parametrize("go", [None, gone_by_record, gone_by_link])
async def test_vary_follows_the_same_as_long_as_it_is_there(harness: Harness, go: Any):
    await able(harness, STARTER, FOLLOWS)
    first, message = await followed(harness, done=True)
    if go:
        await go(harness, first)
    varied = await harness.job((await harness.discord.press(message, f"1:{Verb.VARY_LITTLE}:", "cem")).id)
    assert varied.request.guides == (() if go else first.request.guides)
    assert varied.sources is not None
    assert len(varied.sources.pictures) == len(varied.request.pictures)
    if go:
        said = await harness.discord.wait_message("gallery", lambda each: each.ephemeral)
        assert said.content == "The picture that was followed is gone, so these follow none."


async def test_zoom_says_that_it_follows_nothing(harness: Harness):
    await able(harness, STARTER, FOLLOWS.model_copy(update={"operations": (*FOLLOWS.operations, "outpaint")}))
    _, message = await followed(harness, done=True)
    zoomed = await harness.job((await harness.discord.press(message, f"1:{Verb.ZOOM_SOME}:", "cem")).id)
    assert zoomed.request.guides == ()
    said = await harness.discord.wait_message("gallery", lambda each: each.ephemeral)
    assert said.content == "Beyond its edges a picture can follow no other, so that was left out."


async def test_edit_gives_back_links_and_what_was_attached(harness: Harness):
    await able(harness, STARTER, FOLLOWS)
    first, ours = await harness.posted()
    prompt = f"x --guide {link(ours, first)} --guide-by lines"
    _, message = await followed(harness, done=True, guide=None, prompt=prompt)
    form = fields(await harness.discord.press(message, "Edit", "cem"))
    assert f"--guide {link(ours, first)} --guide-by lines --guide-weight 1" in form[LINE]
    _, message = await followed(harness, done=True)
    told = await harness.answer(await harness.discord.press(message, "Edit", "cem"))
    shown = {each["name"]: each["value"] for each in told.raw["embeds"][0]["fields"]}
    assert (shown["guide_by"], shown["guide_weight"]) == ("canny", "0.9")
    assert shown["guide"].startswith("[picture](")
