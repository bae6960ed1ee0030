"""What RQ logs, in words that are true of Easel: it knows attempts, and nothing of the requests that they are for."""

import logging

from worker.contract.redis_check.errors import RedisRefusedError
from worker.redis_client import AWAY, trouble

_ABANDONED = "AbandonedJobError"  # RQ's name for an attempt of which nobody has told that it lives for too long


class _Terse(logging.Filter):
    """RQ logs a Redis that went away, or is full, with its whole traceback; one line will do."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, RedisRefusedError):  # main says it, as the last line
            return False
        if isinstance(error, AWAY):
            record.exc_info, record.msg, record.args = None, "%s; starting again", (trouble(error),)
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class _TakenOver(logging.Filter):
    """RQ says of an attempt whose worker died that its job has failed. Its request was taken over long before.

    Its lease was over then, so the reaper has put it into the line again, or ended it after its last attempt.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and len(record.args) == 3 and _ABANDONED in str(record.args[2]):
            record.msg = "%s: whoever made this attempt is gone; its request was taken over, or had ended"
            record.args = (record.args[1],)
        return True


_FILTERS = {"rq.worker": _Terse, "rq.registry": _TakenOver}


def in_our_words() -> None:
    """From now on."""
    for name, words in _FILTERS.items():
        logger = logging.getLogger(name)
        if not any(isinstance(each, words) for each in logger.filters):
            logger.addFilter(words())
