"""What the words of a prompt mean to one model, each kind of them by itself.

Where to look:
    prompt      a text in words, and which of them are accounted for
    lexicon     the phrases that a model knows, by its vocabulary
    similarity  an unknown thing → the known one that satisfies, and those that come near
    typos       which word a misspelt one was meant for
    scene       what a prompt shows, which all of this fills in;   item   one of its things while it is placed
    counts      two cats, a pair of shoes;  plural  whether several are asked for
    body_parts  an eye; of somebody with green eyes no thing
    colour_before  a blue car;              colour_after  a car in blue
    colours_of_one  a red and blue car, a rainbow cat
    several_colours  five balloons in many colours, one black and one white
    background  what all stands before: one colour, or two;  standing_out  and what is cut out, before which
    surroundings  in the forest, at night → a background;   planted   in a tulip field
    picture_kinds  a pencil sketch, a book cover
    denials     no hat, without a hat → what is not meant
    joints      on, with, eating → how one thing stands to another
    standing_words  all words that tell how things stand
    grip_words  eating, reading, playing → how a thing is held: a `grip`
    mood_words  who is in which mood;       limbs   a potato with legs
    encounter_words  what two or more do with each other, and who they are
"""
