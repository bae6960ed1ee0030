"""Easel as people meet it: the sandbox's page in a browser, with a whole Easel behind it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from deploy.sandbox.client import Message
from tests.deploy.sandbox import page_waits
from tests.deploy.sandbox.album import shoot
from tests.deploy.sandbox.browser import CHROMIUM, Page, visit
from tests.e2e.local import DEADLINE
from tests.e2e.person import Easel, job_of
from worker.contract.types.job import State

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]

PLACE = "Atelier/gallery"  # where no other test is

Be = Callable[[str], Awaitable[Page]]


@pytest.fixture
async def be(easel: Easel, devtools: str) -> AsyncIterator[Be]:
    """Tabs, each of somebody."""
    place = (await easel.sandbox.get("/channel", channel=PLACE))["id"]
    async with AsyncExitStack() as tabs:

        async def open_tab(name: str) -> Page:
            page = await tabs.enter_async_context(visit(devtools, f"{easel.local.page}/?as={name}#{place}"))
            await page.until(f"document.querySelector('#person').textContent.includes('{name}')")
            return page

        yield open_tab


async def fill(page: Page, prompt: str, **options: str) -> None:
    """Type /imagine with options."""
    await page_waits.choose_imagine(page)
    await page_waits.fill_in(page, prompt, options)


async def imagine(page: Page, prompt: str, **options: str) -> None:
    await fill(page, prompt, **options)
    await page.enter()


async def newest(easel: Easel, page: Page, text: str, pictures: int) -> Message:
    """The result with this text and so many pictures, once all of them are on screen."""
    message = await easel.sandbox.wait_message(
        PLACE, lambda each: text in each.content and len(each.attachments) == pictures, DEADLINE
    )
    await easel.reaches(job_of(message), State.POSTED)
    await page_waits.pictures(page, message, pictures)
    return await easel.sandbox.message(message)


async def press(page: Page, message: Message, label: str) -> None:
    await page.click(f"#m{message.id} button[aria-label={json.dumps(label, ensure_ascii=False)}]")


async def test_a_request_with_options_is_watched_until_its_pictures_are_there(easel: Easel, be: Be) -> None:
    page = await be("Bea")
    await page.focus("#text")
    await page.type("/")
    await page.until("document.querySelectorAll('#picker li').length > 1")
    await shoot(page, "commands")
    await page.press("Backspace")
    await fill(page, "a lighthouse at dusk [slow=0.2]", steps="12", count="2", model="star")
    await page.until("document.querySelector('#composer [role=option]')")  # what the bot completes
    await shoot(page, "options")
    await page.enter()
    await page.until("document.querySelector('[data-option=model] .entry').value.toLowerCase().includes('starter')")
    await page.enter()
    await page.see("of 12")
    await shoot(page, "progress")
    message = await newest(easel, page, "lighthouse", 2)
    await shoot(page, "result")
    job = await easel.reaches(job_of(message), State.POSTED)
    assert (job.request.model, job.request.steps, job.request.count) == ("starter", 12, 2)
    alt = await page.run(f"document.querySelector('#m{message.id} img').alt")
    assert alt == f"Picture 1 of 2: {job.request.prompt}"
    await page.click(f"#m{message.id} .picture")
    await page.until("document.querySelector('dialog.viewer img')?.naturalWidth")
    await shoot(page, "viewer")


async def test_a_result_is_drawn_again_by_button_and_by_reaction(easel: Easel, be: Be) -> None:
    page = await be("Cem")
    await imagine(page, "again", count="1", steps="4")
    message = await newest(easel, page, "again", 1)
    await press(page, message, "🔁")
    await page_waits.newer(page, message, 1)
    await page_waits.find_emoji(page, message, "repeat button")
    await shoot(page, "reaction")
    await page.enter()
    await page.until(f"document.querySelector('#m{message.id} .reaction.mine')?.textContent.includes('🔁')")
    await page_waits.newer(page, message, 2)
    await shoot(page, "reruns")
    drawn = [each for each in await easel.sandbox.messages(PLACE) if each.id > message.id and each.attachments]
    verbs = [(await easel.reaches(job_of(each), State.POSTED)).verb for each in drawn]
    assert verbs == ["rerun", "rerun"]


async def test_a_result_is_found_by_the_link_that_its_menu_copies(easel: Easel, be: Be) -> None:
    page = await be("Cem")
    await imagine(page, "found by its link", count="1", steps="4")
    message = await newest(easel, page, "found by its link", 1)
    await page.point(f"#m{message.id} .content", "right")
    await page_waits.choose(page, "Copy message link")
    link = await page_waits.copied(page)
    await shoot(page, "link-copied")
    await page_waits.choose_imagine(page, "/show")
    await page_waits.fill_in(page, link, {}, "message")
    await page.enter()
    await page.see("Only you can see this")
    await page.until("document.querySelector('.message.ephemeral')?.innerText.includes('found by its link')")
    await shoot(page, "found-by-link")
    await page.click(".message.ephemeral .only button")  # or Cem meets it again in the tests below
    await page.until("!document.querySelector('.message.ephemeral')")
    await imagine(page, f"begun with it --image {link}", count="1", steps="4")
    begun = await newest(easel, page, "begun with it", 1)
    assert (await easel.reaches(job_of(begun), State.POSTED)).request.sources


async def test_a_picture_is_made_larger_by_button_and_by_reaction(easel: Easel, be: Be) -> None:
    page = await be("Eli")
    await imagine(page, "four small ones", count="4", steps="4")
    message = await newest(easel, page, "four small ones", 4)
    await page.until(f"document.querySelectorAll('#m{message.id} .components button').length === 14")
    await shoot(page, "upscale-buttons")
    await press(page, message, "U3")
    await page_waits.newer(page, message, 1, width=2048)
    await page_waits.find_emoji(page, message, "keycap: 2")
    await page.enter()
    await page.until(f"document.querySelector('#m{message.id} .reaction.mine')?.textContent.includes('2')")
    await page_waits.newer(page, message, 2, width=2048)
    await page.until(f"document.querySelector(\"#m{message.id} button[aria-label='U3 ✓']\")")
    await page.until(f"document.querySelector(\"#m{message.id} button[aria-label='U2 ✓']\")")
    await shoot(page, "upscaled")
    await press(page, message, "U3 ✓")
    await page.see("Upscale again")
    await shoot(page, "upscaled-before")
    drawn = [each for each in await easel.sandbox.messages(PLACE) if each.id > message.id and each.attachments]
    assert [(await easel.reaches(job_of(each), State.POSTED)).verb for each in drawn] == ["upscale", "upscale"]
    assert "Picture 3 of [these](" in drawn[0].content
    assert "Picture 2 of [these](" in drawn[1].content


async def test_a_request_is_cancelled_and_a_result_deleted(easel: Easel, be: Be) -> None:
    page = await be("Dua")
    await imagine(page, "never finished [slow=0.5]", count="1", steps="100")
    await page.until("document.querySelector('.message:last-child button[aria-label=Cancel]')")
    await page.click(".message:last-child button[aria-label=Cancel]")
    await page.see("Cancelled")
    await shoot(page, "cancelled")
    await imagine(page, "soon gone", count="1", steps="4")
    message = await newest(easel, page, "soon gone", 1)
    await press(page, message, "More")
    await page.see("To draw it again")
    await shoot(page, "more")
    await page.click(".message.ephemeral button[aria-label='Delete…']")
    await page.see("Delete these pictures?")
    await shoot(page, "delete-asks-back")
    await page.click(".message.ephemeral button[aria-label=Delete]")
    await page.until(f"!document.querySelector('#m{message.id}')")
    assert (await easel.sandbox.message(message)).deleted


async def test_a_refusal_is_seen_by_one_person_only(easel: Easel, be: Be) -> None:
    person, cem = await be("Max"), await be("Cem")
    await imagine(person, "<@1> <@&2>")
    await person.see("only mentions")
    await person.see("Only you can see this")
    await shoot(person, "refusal")
    await person.click(".message.ephemeral button[aria-label='Change and try again']")
    await person.until(
        "document.querySelector('dialog[open]')?.innerText.includes('Negative prompt: what to keep out')"
    )
    await shoot(person, "refusal-form")
    await person.press("Escape")
    await imagine(person, "mine alone", count="1", steps="4")
    message = await newest(easel, cem, "mine alone", 1)
    await press(cem, message, "More")
    await cem.see("Only you can see this")
    await shoot(cem, "refusal-of-a-stranger")
    assert "only mentions" not in await cem.run("document.querySelector('#messages').innerText")
    assert await person.run("document.querySelectorAll('.message.ephemeral').length") == 1
    assert await cem.run("document.querySelectorAll('.message.ephemeral').length") == 1
    await person.click(".message.ephemeral .only button")
    await person.until("!document.querySelector('.message.ephemeral')")


async def test_the_page_catches_up_with_what_it_missed(easel: Easel, be: Be) -> None:
    page = await be("Bea")
    asked = await easel.ask("drawn in the dark [slow=0.1]", channel=PLACE, count=1, steps=8)
    await page.until(f"document.querySelector('#m{asked.message.id}')")
    await page.cut()
    await page.until("document.querySelector('#banner:not([hidden])')")
    await shoot(page, "connection-lost")
    await easel.reaches(asked.job, State.POSTED)
    controls = f"document.querySelector('#m{asked.message.id}').innerText"
    assert "More" not in await page.run(controls)
    await page.mend()
    await page.until("document.querySelector('#banner[hidden]')")
    await newest(easel, page, "drawn in the dark", 1)
