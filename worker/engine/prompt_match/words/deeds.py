"""What several do together, or are to each other: a fox and a bear dance, a frog and a snail being best friends.

Data alone: words that look like the end of a name, and say what those before them do. `similarity.is_verb_or_adverb`
tells all longer verbs by their endings.
"""

_DONE = """
being going doing using lying dying tying camping having
are were go do lie have get become
dance swim run walk jump hop sit stand sleep nap rest wait relax hide dive climb travel explore live work study train
share swap celebrate sing laugh smile giggle cry talk chat whisper argue wrestle box race compete
kiss cuddle snuggle embrace hug marry gaze
cook bake build make paint draw clean shop camp hike picnic
"""
_ARE = """
friend friends bestie besties bff bffs buddies pals mates lovers couple partners companions roommates neighbors
neighbours teammates classmates twins siblings brothers sisters enemies rivals
"""
DEEDS = frozenset((_DONE + _ARE).split())
