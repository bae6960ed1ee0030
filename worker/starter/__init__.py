"""The bundled text-to-image model: its data, its training and its weights.

Nothing outside this package imports it at run time: the engine loads `weights/` as any other pipeline folder.
"""

from pathlib import Path

WEIGHTS = Path(__file__).parent / "weights"
UPSCALER = Path(__file__).parent / "x4.safetensors"
