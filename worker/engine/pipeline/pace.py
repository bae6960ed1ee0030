"""Lets the CPU run at most one step ahead of a GPU, so that progress is true and cancelling takes a step."""

import torch


class StepPace:
    """Of one device."""

    def __init__(self, device: torch.device) -> None:
        self._cuda = device.type == "cuda"
        self._last: torch.cuda.Event | None = None

    def step(self) -> None:
        """A step is in the queue."""
        if not self._cuda:
            return
        # CUDA calls return before they are done. Without this wait the loop would queue every step within
        # milliseconds, report 100 %, and have nothing left to cancel.
        now = torch.cuda.Event()  # type: ignore[no-untyped-call]
        now.record()
        if self._last is not None:
            self._last.synchronize()
        self._last = now
