"""Who stands beside a thing in a prompt without a word between: a dog someone, a cat friend. The thing is meant.

Bots write so who put a word for somebody they may not name where a mention was, and people who say whose it is, or who
it is for. A pizza chef is a chef.
"""

# Whoever it may be, and who somebody is to another.
_ANYBODY = """
someone somebody anyone anybody everyone everybody
friend friends buddy buddies pal pals bestie besties mate mates
mom mommy mum mummy mama mother dad daddy papa father parent parents son daughter brother sister sibling siblings
cousin uncle aunt husband wife boyfriend girlfriend partner family twin twins self selfie
"""
# A cat person likes cats, or is one; a castle person is nobody.
_HUMANS = "person people human humans"
ANYBODY, _OR_HUMANS = frozenset(_ANYBODY.split()), frozenset((_ANYBODY + _HUMANS).split())


def is_bystander(word: str, *, of_being: bool) -> bool:
    """Whether a word right after a thing means nobody to be drawn in its place. `of_being`: the thing is alive."""
    return word in (ANYBODY if of_being else _OR_HUMANS)
