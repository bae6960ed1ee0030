"""When a bot that left something unanswered can be blamed for it, and when a place could not show what it should.

The spans are as short as they can be: whatever falls into them is looked at by nobody, so their share is told.
"""

from worker.contract.types.timings import Timings

from .record import Deed, Reaction, Record
from .shown import Phase, Shown
from .troubles import Trouble

PROMPT = 1.0  # seconds in which a bot answers that nothing hinders
IN_TIME = 3.0  # in which Discord takes a first answer
_LOST = 0.3  # of which an ended connection's last event may be old, and never have arrived
_SLOW = {Trouble.QUEUE: IN_TIME, Trouble.SLOW_ANSWERS: 2.0}  # and in which it does where something does
_BACK = 0.5  # from a connection's beginning until the first event can be answered
_UNDECIDED = 12.0  # for which a bot may wait for a silent Redis; killed by then, it has accepted nothing
_PATIENT = 60.0  # for which it goes on asking a Discord that has trouble, where nobody else would
_LOOKS = 20.0  # in which it asks for the message of a reaction
_SHOWS = 15.0  # at most, as a rule, between two changes of a message whose job waits or is drawn
_IN_FLIGHT = 12.0  # for which Discord may go on with a request, at most (`plan.CRAWL`)
_NEAR = 5  # places in line from which on each step is told
_RETELLS = Timings().retell + _SHOWS  # likewise of who waits behind them, or where nobody in front goes: told again
_HOLDS_UP = (Trouble.WORKER, Trouble.QUEUE, Trouble.POSTER)  # what lets nobody in front go, or nobody tell


def hindered(record: Record, at: float, patience: float = PROMPT) -> bool:
    """Could a willing bot have left unanswered what came at this moment?"""
    troubles = record.troubles
    if troubles.during(Trouble.DEAF, at - _BACK, at + _LOST):
        return True
    reach = max(patience, *(seconds for kind, seconds in _SLOW.items() if troubles.during(kind, at, at + IN_TIME)), 0.0)
    if troubles.during(Trouble.DIED, at, at + reach) or troubles.during(Trouble.STOPPED, at, at + PROMPT):
        return True
    # What came while it stood still waits for it; when it wakes in time, it answers all the same.
    return any(each.end > at + IN_TIME - PROMPT for each in troubles.during(Trouble.FROZEN, at, at + reach))


def undecided(record: Record, deed: Deed) -> bool:
    """May a deferral stand for ever, though nothing was accepted? Its bot was killed, or could not take it back."""
    troubles = record.troubles
    died = troubles.during(Trouble.DIED, deed.at, deed.at + _UNDECIDED)
    return bool(died or troubles.during(Trouble.MESSAGES, deed.at, deed.at + _PATIENT))


def unseen(record: Record, reaction: Reaction) -> bool:
    """Could a willing bot have missed a reaction, or had no way to say why not?"""
    at, troubles = reaction.at, record.troubles
    slow = troubles.during(Trouble.MESSAGES, at, at + _LOOKS) or troubles.during(Trouble.QUEUE, at, at + _LOOKS)
    if slow and (troubles.during(Trouble.MESSAGES, at, at + _LOOKS) or _dms_closed(record, reaction.person, at)):
        return True
    if gone(record, reaction.message, at + _LOOKS):
        return True
    if shut(record, reaction.channel, at, at + _LOOKS) and _dms_closed(record, reaction.person, at):
        return True
    return hindered(record, at, _LOOKS if slow else PROMPT)


def gone(record: Record, message: int, by: float) -> bool:
    """Was a message, or its channel, deleted by then?"""
    line = record.messages.get(message)
    if line is None:
        return False
    return record.gone_by(line.channel, by) or (line.deleted is not None and line.deleted <= by)


def shut(record: Record, channel: int, begin: float, end: float) -> bool:
    """Was the bot shut out of a channel, or of the one that this thread is in, at some moment of this time?"""
    if record.gone_by(channel, end):
        return True
    return any(record.troubles.during(Trouble.CLOSED, begin, end, room) for room in record.rooms(channel))


def stuck(record: Record, channel: int, last: Shown) -> bool:
    """May a message stay for ever as it was last shown, because its place was closed when its job went on?

    What waits may stand where it is near the front, too, for as long as nothing is drawn.
    """
    patience = _SHOWS
    if last.phase is Phase.WAITING:
        patience = _RETELLS if last.place > _NEAR else min(_RETELLS, _SHOWS + _held_up(record, last.at))
    return shut(record, channel, last.at, last.at + patience)


def _held_up(record: Record, since: float) -> float:
    """Seconds of the next ones in which nobody in front went, or nobody could tell."""
    until = since + _RETELLS
    spans = (each for kind in _HOLDS_UP for each in record.troubles.during(kind, since, until))
    return sum(min(each.end, until) - max(each.begin, since) for each in spans)


def late(record: Record, at: float) -> bool:
    """May an edit that came now have been sent by a poster that was struck since, while Discord took its time?"""
    lost, slow = (Trouble.POSTER, Trouble.QUEUE), (Trouble.MESSAGES,)  # without Redis a hold runs out, too
    return all(any(record.troubles.during(kind, at - _IN_FLIGHT, at) for kind in kinds) for kinds in (lost, slow))


def _dms_closed(record: Record, person: int, at: float) -> bool:
    """Were their direct messages closed when the bot would have told them something?"""
    channel = record.dms.get(person)
    return channel is not None and shut(record, channel, at, at + _LOOKS)
