"""Prompts for models that understand few words, such as the starter: parsed, and put into words that they know.

A model's folder may hold a `vocabulary.json`: the things, styles and background colours that its training named.
Everything else would only puzzle such a model. A prompt that it understands is left as it is; of any other the known
part is kept, for an unknown thing one of the same kind is taken, and what has none is declined. Models without such a
file never come here.

Where to look:
    vocabulary  the file;                   lexicon     its phrases, and those of captions: sizes, places, turns
    spelling    plurals, accents, typos;    english     what is no typo;   emoji       emoji characters → their names
    similarity  an unknown thing → the known one that satisfies, and those that come near
    similar     its table of everyday words;               synonyms  words that ask for no thing
    prompt      a text in words, and which of them are accounted for
    scene       what a prompt shows;        parser      a prompt → its scene, by way of these two:
    surroundings  in the forest, at night → a background
    background  what it stands on;          things      what is drawn, by which words
    figures     people by what they do, and how they look;    senses    names that mean another thing beside others
    whole       a cat that runs has legs, a sun that smiles a face
    matcher     scene → the prompt to draw, and the notice for the person;   article  a, an or neither
    first_names a scene by the names that captions used most
    bare_name   a name that another colour fits;          declined  words for people and feelings
    denials     no hat, without a hat → what is not meant
    seats       where one sits on what is ridden;      wearers     where animals wear hats, glasses, scarves
    held_in     in a boat, in a bowl, in a pond;   openings  where that is, as an `opening` tells
    grip_words  eating, reading, playing → how a thing is held: a `grip`;   reaches  where mouths and hands are
    grip_turns  which way round it is held;        limbs    a potato with legs;    leaping  over the moon
    bystanders  a dog someone → a dog
    dressed     a cat astronaut, a pirate surfing: whose head is on whom, by   heads, busts   where heads are
    scenery     what stands around in a forest;        selection   which of the things are drawn
    layout      how things stand in one picture that the engine puts together
    arrangement a prompt → that, by way of these:
    relations   how its things stand to each other;    hanging  what is worn or held by one of several;    item  a thing
    joints      on, with, eating → how one thing stands to another;    roles     what they can be there: held, worn
    moods       words for moods, and what shows them;   mood_words  those of a prompt
    mood_marks  a mark at whoever is in a mood, a face on what has none
    encounters  what two do with each other, and what shows it;   encounter_words  those of a prompt, and who they are
    meeting     how near such stand, how turned and bent
    included    what the drawing of a thing shows anyway: candles on a cake;   deeds  what several do together
    doing       things that are verbs where they stand: pigs can fly;  other_faces  a face of the feeling asked for
    any_colour  things that may have another colour in each picture;   kinds   general words, and what satisfies them
    narrowed    an animal, a fox → a fox
    colour_before  a blue car;              colour_after  a car in blue
    colours_of_one  a red and blue car, a rainbow cat;     natural_colours  what it has anyway
    facing      which way round a thing is where nobody says so
    several_colours  five balloons in many colours, one black and one white
    counts      two cats, a pair of shoes;    postures  sizes, places, turns;    phrases  a table of such words
    standing_words  all words that tell how things stand
"""

from . import vocabulary
from .matcher import PromptMatcher
from .vocabulary import ModelVocabulary

__all__ = ["ModelVocabulary", "PromptMatcher", "vocabulary"]
