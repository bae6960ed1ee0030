"""Tables of what the drawings of things show, by their emoji's names; places in them in hundredths of the drawing.

Where to look:
    roles            what a thing can be in a picture of several: held, worn, ridden, stood before
    included         what the drawing of a thing shows anyway: candles on a cake
    natural_colours  in which colours things are drawn anyway
    heads            where heads are, and who may have whose;   busts     whose head people have in what they do
    wearers          where animals wear hats, glasses, scarves
    reaches          where mouths and hands are that hold, eat, read
    seats            where one sits on what is ridden;          openings  where one is in boxes, bowls, ponds
"""
