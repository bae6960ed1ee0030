"""Which things a prompt asks for, and which drawings of them.

Where to look:
    things       what is drawn, by which words: what several words mean, what satisfies, what is declined
    runs         words that nobody has taken: a tired mom petting her dog
    selection    which of the things named are drawn, where several can be
    narrowed     an animal, a fox → a fox
    senses       names that mean another thing beside others: a keyboard and a mouse
    doing        things that are verbs where they stand: pigs can fly
    whole        a cat that runs has legs, a sun that smiles a face
    other_faces  a face of the feeling asked for
    figures      people by what they do, and how they look
    dressed      a cat astronaut, a pirate surfing: whose head is on whom
    held_in      in a boat, in a bowl, in a pond;    tools   a cat vacuuming has a vacuum cleaner
    first_names  a scene by the names that captions used most
"""
