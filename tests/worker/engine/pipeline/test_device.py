"""How many pictures are drawn at once, and which errors mean memory or a lost device."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")

from worker.engine.pipeline.device import Device, is_lost  # noqa: E402
from worker.engine.pipeline.fit import SHARE  # noqa: E402
from worker.engine.step.memory import is_out_of_memory  # noqa: E402

pytestmark = pytest.mark.engine

MEGA = 1024 * 1024


@pytest.mark.parametrize(
    ("kind", "together", "pixels", "at_once"),
    [
        ("cpu", 0, 128 * 128, 1),
        ("cpu", 0, 4 * MEGA, 1),
        ("cpu", 3, 4 * MEGA, 3),
        ("cuda", 0, 512 * 512, 16),
        ("cuda", 0, MEGA, 4),
        ("cuda", 0, 3 * MEGA, 1),
        ("cuda", 0, 5 * MEGA, 1),
        ("cuda", 1, 512 * 512, 1),
        ("mps", 0, MEGA, 4),
    ],
)
def test_how_many_are_drawn_at_once(kind: str, together: int, pixels: int, at_once: int) -> None:
    device = Device(torch.device(kind), torch.float32, together)
    assert device.batch(pixels) == at_once
    assert replace(device, exact=True).pads
    assert device.pads is (kind == "cpu")


@pytest.mark.parametrize(
    ("error", "memory", "lost"),
    [
        (torch.OutOfMemoryError("x"), True, False),
        (MemoryError(), True, False),
        (RuntimeError("MPS backend out of memory"), True, False),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), True, False),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False, True),
        (RuntimeError("HIP error: invalid device function"), False, True),
        (RuntimeError("CUDA error: out of memory"), True, False),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"), True, False),
        (RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"), True, False),
        (RuntimeError("shapes do not match"), False, False),
        (ValueError("out of memory"), False, False),
        (ValueError("CUDA error"), False, False),
    ],
)
def test_what_an_error_means(error: Exception, memory: bool, lost: bool) -> None:
    assert (is_out_of_memory(error), is_lost(error)) == (memory, lost)


def test_what_is_kept_of_past_renders_is_room_for_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = {"mem_get_info": (6 * MEGA, 24 * MEGA), "memory_reserved": 17 * MEGA, "memory_allocated": 3 * MEGA}
    for name, number in numbers.items():
        monkeypatch.setattr(torch.cuda, name, lambda _, number=number: number)
    assert Device(torch.device("cuda"), torch.float16).room() == int(20 * MEGA * SHARE)
