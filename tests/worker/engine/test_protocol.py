import asyncio
import json
import struct
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.contract.factories import INFO, UPSCALER
from worker.contract.types.job import Reason
from worker.engine.protocol import (
    BODY_MAX,
    Failed,
    Frame,
    FrameError,
    Health,
    PictureFrame,
    Preview,
    RenderCall,
    Step,
    read_frames,
)


def stream(data: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return reader


async def read(data: bytes) -> list[Frame]:
    return [frame async for frame in read_frames(stream(data))]


@given(body=st.binary(max_size=300), step=st.integers(0, 10**6))
def test_what_is_written_is_read(body: bytes, step: int):
    frames = [
        Frame(header=Preview(step=step), body=body),
        Frame(header=Step(step=step, steps=step)),
        Frame(header=PictureFrame(index=1, seed=2, width=64, height=64), body=body),
        Frame(header=Failed(reason=Reason.MEMORY, detail="two\nlines, “quoted”")),
    ]
    assert asyncio.run(read(b"".join(frame.encode() for frame in frames))) == frames


async def test_nothing_is_no_frames():
    assert await read(b"") == []


@pytest.mark.parametrize("cut", [1, 7, 8, 12, -1])
async def test_a_stream_cut_within_a_frame_is_an_error(cut: int):
    with pytest.raises(FrameError, match="too early"):
        await read(Frame(header=Preview(step=1), body=b"jpeg").encode()[:cut])


@pytest.mark.parametrize("lengths", [(10**6, 0), (10, BODY_MAX + 1)])
async def test_lengths_beyond_the_caps_are_refused_unread(lengths: tuple[int, int]):
    with pytest.raises(FrameError, match="longer than allowed"):
        await read(struct.pack("!II", *lengths))


@pytest.mark.parametrize("header", [b"", b"{", b'{"kind": "song"}', b'{"kind": "step", "step": "x", "steps": 1}'])
async def test_a_header_of_another_protocol_is_an_error(header: bytes):
    with pytest.raises(FrameError, match="not a header"):
        await read(struct.pack("!II", len(header), 0) + header)


def test_call_ids_are_safe_to_log():
    with pytest.raises(ValueError, match="id"):
        RenderCall.model_validate({"id": "a\nb", "request": {}})


def test_the_health_of_a_newer_engine_is_read_as_far_as_it_is_known():
    health = Health(state="ready", places=1, models=(INFO,), upscaler=UPSCALER)
    newer = json.loads(health.model_dump_json())
    newer["sparkle"] = newer["models"][0]["sparkle"] = newer["upscaler"]["sparkle"] = 1
    assert Health.read(json.dumps(newer).encode()) == health


def test_an_engine_is_capable_of_its_models_and_its_upscaler():
    health = Health(state="ready", models=(INFO,), upscaler=UPSCALER)
    assert health.capabilities == (INFO.id, UPSCALER.id)
    assert Health(state="loading").capabilities == ()


def test_protocol_and_fake_need_no_torch():
    modules = "worker.engine.service.fake_backend, worker.engine.main, worker.engine.protocol"
    code = f"import sys, {modules}; print('torch' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"
