"""How the things of a prompt stand in one picture, and what hangs on them.

Where to look:
    arrangement  how many of each, where, how large, how turned; by way of these:
    relations    how things stand to each other;    hanging   what is worn or held by one of several
    meeting      how near those stand who do something together, how turned and bent
    mood_marks   a mark at whoever is in a mood, a face on what has none
    leaping      over the moon;                     grip_turns  which way round a thing is held
    facing       which way round a thing is where nobody says so
    scenery      what stands around in a forest, in the night
"""
