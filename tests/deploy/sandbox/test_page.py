"""The page in a real browser: everything that a person does with a bot there."""

import io
from collections.abc import AsyncIterator

import discord
import pytest
from discord import app_commands

from deploy.sandbox.client import SandboxClient
from tests.deploy.sandbox.browser import CHROMIUM, Page, visit
from tests.deploy.sandbox.parts import RED, Bot, Connect

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]


class Remix(discord.ui.Modal, title="Remix"):
    prompt: discord.ui.TextInput["Remix"] = discord.ui.TextInput(label="Prompt", default="a fox")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"remixing {self.prompt.value}")


class Controls(discord.ui.View):
    @discord.ui.button(label="Rerun", custom_id="rerun")
    async def rerun(self, interaction: discord.Interaction, _: discord.ui.Button["Controls"]) -> None:
        await interaction.response.send_message("for your eyes only", ephemeral=True)

    @discord.ui.button(label="Remix", custom_id="remix")
    async def remix(self, interaction: discord.Interaction, _: discord.ui.Button["Controls"]) -> None:
        await interaction.response.send_modal(Remix())

    @discord.ui.button(label="Silent", custom_id="silent")
    async def silent(self, interaction: discord.Interaction, _: discord.ui.Button["Controls"]) -> None:
        """Never answers."""


def imagining_bot() -> Bot:
    bot = Bot()

    @bot.tree.command(description="Draw a picture")
    async def imagine(interaction: discord.Interaction, prompt: str, model: str = "starter") -> None:
        await interaction.response.defer(thinking=True)
        picture = discord.File(io.BytesIO(RED), "a.png", description=prompt)
        text = f"**{prompt}** by {model}"
        await interaction.edit_original_response(content=text, attachments=[picture], view=Controls())

    @imagine.autocomplete("model")
    async def models(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"The {each}", value=each) for each in ("starter", "sdxl") if current in each]

    return bot


@pytest.fixture
async def page(connect: Connect, sandbox: SandboxClient, devtools: str) -> AsyncIterator[Page]:
    await connect(imagining_bot())
    async with visit(devtools, sandbox.info.page) as shown:
        yield shown


async def imagine(page: Page, prompt: str) -> None:
    await page.focus("#text")
    await page.type("/im")
    await page.until("document.querySelector('#picker li')")
    await page.enter()
    await page.until("document.activeElement.closest('[data-option=prompt]')")
    await page.type(prompt)


async def test_a_command_with_autocomplete_and_its_picture(page: Page) -> None:
    await imagine(page, "a red apple")
    await page.click(".add-option")
    await page.type("sd")
    await page.until("document.querySelectorAll('.choice').length === 1")
    await page.run("document.querySelector('.choice').dispatchEvent(new Event('pointerdown', {cancelable: true}))")
    await page.until("document.querySelector('[data-option=model] .entry').value === 'The sdxl'")
    await page.enter()
    await page.see("a red apple by sdxl")
    await page.until("document.querySelector('.gallery img')?.naturalWidth === 64")
    assert await page.run("document.querySelector('.gallery img').alt") == "a red apple"
    assert await page.run("document.querySelector('.message strong').textContent") == "a red apple"
    await page.click(".picture")
    await page.until("document.querySelector('dialog.viewer .alt')?.textContent === 'a red apple'")


async def test_the_newest_stays_in_sight_while_commands_are_written_and_answered(page: Page) -> None:
    for number in range(8):
        await imagine(page, f"{number} " + "long words " * 12 * number)
        await page.enter()
        await page.until(f"document.querySelectorAll('.message:not(.sending) strong').length === {number + 1}")
    log = "document.querySelector('#log')"
    await page.until(f"{log}.scrollTop > 200 && {log}.scrollHeight - {log}.scrollTop - {log}.clientHeight < 2")


async def test_buttons_ephemeral_answers_and_modals(page: Page, sandbox: SandboxClient) -> None:
    await sandbox.slash("gallery", "Bea", "imagine", {"prompt": "a red apple"})
    await page.click("[title=Rerun][aria-label=Rerun]")
    await page.see("for your eyes only")
    await page.see("Only you can see this")
    await page.click("[title=Remix]")
    await page.until("document.activeElement.matches('.modal-form input') && document.activeElement.value === 'a fox'")
    await page.run("document.activeElement.select()")
    await page.type("a cat")
    await page.click(".modal-form .primary")
    await page.see("remixing a cat")
    await page.click("[title=Silent]")
    await sandbox.clock(jump=4)
    await page.until("document.querySelector('.failed.note:not([hidden])')")
    await page.become("Cem")
    await page.until("document.querySelector('#self-avatar').textContent === 'C'")
    await page.see("remixing a cat")
    assert "for your eyes only" not in await page.run("document.querySelector('#messages').innerText")


async def test_reactions_messages_and_deleting(page: Page, sandbox: SandboxClient) -> None:
    said = await sandbox.say("gallery", "Cem", "<b>not markup</b> and `code`")
    await page.see("<b>not markup</b>")
    await page.click(f"#m{said.id} .tools [aria-label='Add reaction']")
    await page.click(".emoji-picker [data-emoji='🔁']")
    await page.until("document.querySelector('.reaction.mine')?.innerText.includes('🔁')")
    bea = (await sandbox.world())["people"][2]["id"]
    assert (await sandbox.message(said)).reactions["🔁"].people == (int(bea),)
    await page.click(".reaction.mine")
    await page.until("!document.querySelector('.reaction')")
    assert await page.run(f"document.querySelector('#m{said.id} [aria-label=\"Delete message\"]')") is None
    await page.focus("#text")
    await page.type("hello @everyone")
    await page.enter()
    await page.see("hello @everyone")
    await page.click(".message:last-child [aria-label='Delete message']")
    await page.until("!document.querySelector('#messages').innerText.includes('hello')")


async def test_what_the_sandbox_forgot_while_it_was_away_does_not_hold_the_page_up(
    page: Page, sandbox: SandboxClient
) -> None:
    await sandbox.slash("gallery", "Bea", "imagine", {"prompt": "a red apple"})
    await page.click("[title=Silent]")
    await page.until("document.querySelector('.button.waits')")
    await page.cut()
    await page.until("document.querySelector('#banner').textContent.includes('Reconnecting')")
    await sandbox.reset()
    await page.mend()
    await page.until("document.querySelector('#banner').hidden && document.querySelector('#link.on')")
    await page.until("!document.querySelector('.message')")
    page.troubles.clear()  # the browser notes that the interaction was not found


async def test_a_message_waits_in_its_box_while_the_sandbox_is_away(page: Page) -> None:
    await page.run("window.fetch = () => Promise.reject(new TypeError('Failed to fetch'))")
    await page.focus("#text")
    await page.type("anyone there?")
    await page.enter()
    await page.until("document.querySelector('.notice')?.textContent.includes('The sandbox does not answer.')")
    assert await page.run("document.querySelector('#text').value") == "anyone there?"


async def test_what_a_field_does_not_accept_is_said_beside_it(page: Page) -> None:
    await imagine(page, "")
    await page.enter()
    await page.until("document.querySelector('.trouble')?.textContent === 'prompt: This field is required'")
    assert await page.run("document.querySelector('.option.bad').dataset.option") == "prompt"


async def test_escape_throws_away_what_was_typed_only_the_second_time(page: Page) -> None:
    await imagine(page, "a red")
    await page.press("Escape")
    await page.until("document.querySelector('.trouble')?.textContent.startsWith('Press Escape again')")
    await page.type(" apple")
    await page.until("document.querySelector('.trouble').textContent === ''")
    assert await page.run("document.querySelector('[data-option=prompt] .entry').value") == "a red apple"
    await page.press("Escape")
    await page.press("Escape")
    await page.until("document.querySelector('#text')")
    await imagine(page, "")
    await page.press("Escape")
    await page.until("document.querySelector('#text')")


async def test_above_a_reply_stands_what_it_answers_as_one_would_read_it(page: Page, sandbox: SandboxClient) -> None:
    bea = (await sandbox.world())["people"][2]["id"]
    said = await sandbox.say("gallery", "Cem", f"**a red\\_apple** by <@{bea}> <:party:5>\n-# small `print`")
    await sandbox.say("gallery", "Dua", "so red", reply_to=said.id)
    await page.until("document.querySelector('button.above')")
    shown = await page.run("document.querySelector('button.above').textContent")
    assert "a red_apple by @Bea :party: small print" in shown


async def test_channels_are_those_that_a_person_sees_and_unread_is_marked(page: Page, sandbox: SandboxClient) -> None:
    assert "admins" not in await page.run("document.querySelector('#channels').innerText")
    await sandbox.say("general", "Cem", "psst")
    await page.until("document.querySelector('.channel.unread .channel-name')?.textContent === 'general'")
    await page.click(".channel.unread")
    await page.see("psst")
    await page.become("Ada")
    await page.until("document.querySelector('#channels').innerText.includes('admins')")
    await sandbox.overwrite("general", "@everyone", deny=["SEND_MESSAGES"])
    await page.become("Dua")
    await page.until("document.querySelector('.denied')")
