"""A person asks for pictures, and gets them or hears why not."""

import io

from PIL import Image

from tests.e2e.local import DEADLINE
from tests.e2e.person import CHANNEL, Easel
from tests.worker.contract.factories import named
from worker.contract.types import recipe
from worker.contract.types.job import State


async def test_pictures_come_into_the_message_that_answered_the_command(easel: Easel) -> None:
    asked = await easel.ask("a red apple on a table", count=2, seed=7)
    assert "a red apple on a table" in asked.message.content
    message = await easel.once(asked, pictures=2)
    assert message.id == asked.message.id
    record = await easel.reaches(asked.job, State.POSTED)
    for index, attachment in enumerate(message.attachments):
        picture = await easel.sandbox.download(attachment)
        with Image.open(io.BytesIO(picture)) as image:
            assert image.size == (record.request.width, record.request.height)
        found = recipe.read(picture)
        assert found is not None
        assert (found.request, found.index) == (record.request, index)
        assert attachment.description == f"Picture {index + 1} of 2: a red apple on a table"
    shown = ["U1", "U2", "🔁", "V1", "V2", "✏️", "Enhance", "⭐", "✉️", "More"]
    assert [named(button) for button in message.buttons] == shown


async def test_progress_is_shown_while_it_is_drawn(easel: Easel) -> None:
    asked = await easel.ask("slowly [slow=0.2]", steps=12)
    await easel.sandbox.wait_edit(asked.message, lambda shown: "of 12" in shown.content, DEADLINE)
    message = await easel.once(asked)
    assert "of 12" not in message.content


async def test_a_prompt_of_mentions_is_refused_to_its_author_alone(easel: Easel) -> None:
    done = await easel.sandbox.slash(CHANNEL, "Bea", "imagine", {"prompt": "<@1> <@&2>"}, timeout=DEADLINE)
    assert done.message_id is not None
    answer = await easel.sandbox.message(done.message_id)
    assert answer.ephemeral
    assert "only mentions" in answer.content
    assert answer.id in {each.id for each in await easel.sandbox.messages(CHANNEL, "Bea")}
    assert answer.id not in {each.id for each in await easel.sandbox.messages(CHANNEL, "Cem")}


async def test_where_no_files_may_be_attached_nothing_is_drawn(easel: Easel) -> None:
    done = await easel.sandbox.slash("no-files", "Bea", "imagine", {"prompt": "a fox"}, timeout=DEADLINE)
    assert done.message_id is not None
    answer = await easel.sandbox.message(done.message_id)
    assert answer.ephemeral
    assert "Attach Files" in answer.content


async def test_one_person_cannot_fill_the_line(easel: Easel) -> None:
    running = [await easel.ask(f"number {n} [slow=0.5]", person="Dua", steps=50) for n in range(3)]
    done = await easel.sandbox.slash(CHANNEL, "Dua", "imagine", {"prompt": "one more"}, timeout=DEADLINE)
    assert done.message_id is not None
    answer = await easel.sandbox.message(done.message_id)
    assert answer.ephemeral
    assert "3 requests waiting or running; whoever runs Easel allows at most 3" in answer.content
    for asked in reversed(running):
        await easel.sandbox.press(asked.message, "Cancel", "Dua", timeout=DEADLINE)
        await easel.reaches(asked.job, State.CANCELLED)
