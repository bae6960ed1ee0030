"""The running average of a denoiser in small files: what comes back from a machine that is lent for minutes.

Half precision, split so that no file is larger than such machines hand back. Optimiser state stays behind: a training
goes on from here as one that restarts its optimiser.
"""

import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from worker.starter import checkpoints
from worker.starter.checkpoints import Mark
from worker.starter.data.packages import DataError

BYTES_MAX = 15 * 1024 * 1024  # of tensors in a file; a mebibyte is left for its header
ABOUT = "about.json"


def write(folder: Path, model: torch.nn.Module, mark: Mark, texts: dict[str, str]) -> None:
    """Replace what lies in `folder`; `texts` are small files to travel with it, by name.

    Whoever reads in the middle finds files of two moments; `read` notices.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts: list[dict[str, torch.Tensor]] = [{}]
    size = 0
    for name, value in model.state_dict().items():
        half = value.detach().half().cpu().contiguous() if value.is_floating_point() else value.cpu()
        if size + half.nbytes > BYTES_MAX and parts[-1]:
            parts.append({})
            size = 0
        parts[-1][name] = half
        size += half.nbytes
    names = [f"ema-{number + 1}-of-{len(parts)}.safetensors" for number in range(len(parts))]
    for name, part in zip(names, parts, strict=True):
        partial = folder / f"{name}.part"
        save_file(part, partial, {"step": str(mark.step)})
        partial.rename(folder / name)
    partial = folder / f"{ABOUT}.part"
    partial.write_text(json.dumps({"mark": asdict(mark), "files": names, "texts": texts}), encoding="utf-8")
    partial.rename(folder / ABOUT)


def read(folder: Path) -> tuple[dict[str, torch.Tensor], Mark, dict[str, str]]:
    """Return the tensors in single precision, how far the training was, and the texts.

    Raises:
        DataError: files are missing, or of different moments.
    """
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        mark = Mark(**about["mark"])
        tensors: dict[str, torch.Tensor] = {}
        for name in about["files"]:
            if checkpoints.header(folder / name).get("step") != str(mark.step):
                raise DataError(f"{folder / name} is of another moment than {ABOUT}: take the files of one call")
            tensors |= load_file(folder / name)
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"{folder} holds no whole running average ({error}): take all files of one call") from error
    return {name: value.float() for name, value in tensors.items()}, mark, about["texts"]
