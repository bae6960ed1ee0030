"""A typed client of the control API for tests and scripts: play people, watch what happens, misbehave."""

from .client import SandboxClient, file
from .entities import Attachment, Info, Interaction, Message, Revision, SandboxError

__all__ = ["Attachment", "Info", "Interaction", "Message", "Revision", "SandboxClient", "SandboxError", "file"]
