"""A typed client of the control API for tests and scripts: play people, watch what happens, arm faults.

- `client`: acting as a person, reading, waiting
- `setup_controls`, `fault_controls`: what it inherits: preparing a scene, arming faults
- `connection`: calls and the event stream; `entities`: the messages and interactions that it hands out
"""

from .client import SandboxClient, file
from .entities import Attachment, Info, Interaction, Message, Revision, SandboxError

__all__ = ["Attachment", "Info", "Interaction", "Message", "Revision", "SandboxClient", "SandboxError", "file"]
