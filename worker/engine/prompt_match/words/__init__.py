"""Tables of words, and words as such: nothing here knows a model, nor a prompt.

Where to look:
    similar      unknown everyday words → what may be drawn for them, `similar.txt`
    other_names  what people call a thing too, `other_names.txt`
    synonyms     words that ask for no thing;       kinds       general words, and what satisfies them
    declined     words for people and feelings;     bystanders  a dog someone → a dog
    moods        words for moods, and what shows them
    encounters   what two do with each other, and what shows it;   deeds   what several do together
    postures     sizes, places, turns;              any_colour  what may have another colour in each picture
    emoji        emoji characters → their names, `emoji.json`
    spelling     plurals, accents, typos;           english     what is no typo
    phrases      what such tables are made of: the longest phrase counts
    article      a, an or neither;                  bare_name   a name that another colour fits
"""
