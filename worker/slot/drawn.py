"""What has come from the engine of one render."""

from dataclasses import dataclass, field

from worker.contract.types.job import Progress
from worker.contract.types.result import READ_TO_MAX, Picture, Result
from worker.engine import protocol

from .client import EngineAwayError


@dataclass
class Drawn:
    """So far.

    Attributes:
        begun: whether the engine has taken it up; before that it waits for others.
    """

    progress: Progress = field(default_factory=lambda: Progress(phase="wait"))
    begun: bool = False
    preview: bytes | None = None
    pictures: dict[int, tuple[Picture, bytes]] = field(default_factory=dict)

    def take(self, frame: protocol.Frame) -> None:
        """Note a frame that is not the last."""
        header = frame.header
        match header:
            case protocol.Started():
                self.begun, self.progress = True, Progress(phase="load")
            case protocol.PhaseChange():
                self.begun, self.progress = True, self.progress.model_copy(update={"phase": header.phase})
            case protocol.Step():
                self.begun, self.progress = True, Progress(phase="steps", step=header.step, steps=header.steps)
            case protocol.Preview():
                self.preview = frame.body
            case protocol.PictureFrame():
                about = header.model_dump(exclude={"kind", "index"})
                self.pictures[header.index] = Picture(**about, size=len(frame.body)), frame.body
            case _:
                pass

    def result(self, done: protocol.Done, files: int) -> tuple[Result, list[bytes]]:
        """The finished pictures in order. Raises EngineAwayError when some never came."""
        if set(self.pictures) != set(range(files)):
            raise EngineAwayError(f"{len(self.pictures)} of {files} pictures came")
        ordered = [self.pictures[index] for index in range(files)]
        about = tuple(each for each, _ in ordered)
        result = Result(
            pictures=about,
            timings=done.timings,
            engine=done.engine,
            notice=done.notice,
            left_out=done.left_out,
            read_to=done.read_to[-READ_TO_MAX:],
            adapted=done.adapted,
            tokens=done.tokens,
            noise=done.noise,
        )
        return result, [body for _, body in ordered]
