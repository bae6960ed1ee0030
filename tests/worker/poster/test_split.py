"""Over how many messages a result is split, and in which encoding."""

import pytest

from tests.worker.contract.factories import request
from worker.contract.message.job_message import picture_index
from worker.contract.message.languages import ENGLISH
from worker.contract.types.destination import Destination
from worker.contract.types.job import Job, State
from worker.poster import split
from worker.poster.encode import AS_IT_CAME, ENCODINGS, JPEG, SMALL_JPEG, WEBP, Encoder, Encoding
from worker.poster.split import plans

LIMIT, TOGETHER = 100, 250


class Sized(Encoder):
    """Makes of each picture as many bytes as the test says of an encoding."""

    def __init__(self, sizes: dict[Encoding, int]) -> None:
        super().__init__()
        self._sizes = sizes

    async def encode(self, pictures: list[bytes], encoding: Encoding) -> list[bytes]:
        return [b"x" * self._sizes[encoding]] * len(pictures)


async def tried(monkeypatch: pytest.MonkeyPatch, count: int, *sizes: int) -> list[list[tuple[str, int, int]]]:
    """Each plan as messages: extension, first picture, how many; with files of these sizes in each encoding."""
    monkeypatch.setattr(split, "PICTURES_MAX", TOGETHER)
    place = Destination(channel=1, upload_limit=LIMIT)
    job = Job(
        id="a", state=State.RENDERED, owner=1, server="1", request=request(), destination=place, created=0, changed=0
    )
    encoder = Sized(dict(zip(ENCODINGS, sizes, strict=True)))
    return [
        [(part.files[0].name.rpartition(".")[2], part.first, len(part.files)) for part in plan]
        async for plan in plans(job, [b""] * count, encoder, ENGLISH)
    ]


def test_encodings_come_from_the_best_to_the_smallest() -> None:
    assert ENCODINGS == (AS_IT_CAME, WEBP, JPEG, SMALL_JPEG)


async def test_whole_first_then_halves_then_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [[("png", 0, 3)], [("webp", 0, 3)], [("jpg", 0, 3)], [("jpg", 0, 3)]]
    halves = [("jpg", 0, 2), ("jpg", 2, 1)]
    singles = [("jpg", 0, 1), ("jpg", 1, 1), ("jpg", 2, 1)]
    assert await tried(monkeypatch, 3, 80, 70, 60, 50) == [*whole, halves, singles]


@pytest.mark.parametrize(("size", "fits"), [(LIMIT, True), (LIMIT + 1, False)])
async def test_a_file_has_a_limit(monkeypatch: pytest.MonkeyPatch, size: int, fits: bool) -> None:
    found = await tried(monkeypatch, 1, size, 10, 10, 10)
    assert ([("png", 0, 1)] in found) is fits


@pytest.mark.parametrize(("size", "fits"), [(50, True), (51, False)])
async def test_all_files_of_a_request_together_have_one(monkeypatch: pytest.MonkeyPatch, size: int, fits: bool) -> None:
    found = await tried(monkeypatch, 5, size, 10, 10, 10)
    assert ([("png", 0, 5)] in found) is fits


async def test_two_are_sent_one_by_one_and_one_not_at_all_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await tried(monkeypatch, 2, 9, 9, 9, 9))[4:] == [[("jpg", 0, 1), ("jpg", 1, 1)]]
    assert (await tried(monkeypatch, 1, 9, 9, 9, 9))[4:] == []


async def test_what_is_too_large_by_itself_fits_in_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await tried(monkeypatch, 4, *[LIMIT + 1] * 4) == []


async def test_moments_of_a_way_are_a_picture_and_one_that_moves_each_with_its_words() -> None:
    place = Destination(channel=1, upload_limit=LIMIT)
    asked = request(count=1, moments=8)
    job = Job(id="a", state=State.RENDERED, owner=1, server="1", request=asked, destination=place, created=0, changed=0)
    first = await anext(plans(job, [b"\x89PNG", b"GIF89a"], Encoder(), ENGLISH))
    still, moving = first[0].files
    assert (still.name, still.content_type) == ("easel-a-1.png", "image/png")
    assert (moving.name, moving.content_type) == ("easel-a-2.gif", "image/gif")
    assert still.description.startswith("Moments from noise to the picture, each with the noise that is left")
    assert moving.description.startswith("Moving, from noise to the picture: ")
    assert [picture_index(each.name) for each in (still, moving)] == [0, 1]
