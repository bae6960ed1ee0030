"""`/server`: what its admins set for a server, as a panel to press and as subcommands to type.

Where to look:
    table      one row a setting: label, hint, bounds; panel, forms, subcommands and words are made of it
    keys       the dotted path of each value, which row it has and whose it is
    values     from what was typed to what is stored, and back
    forms      which settings stand in which form, how it looks, what comes back of it
    pages      the panel and its pages, as components; `parts` are those, `summary` the words in them
    desk       who may; reading, and the compare-and-set with its audit
    effects    what follows of a change, and what of it does less than it says
    presses    which press is meant; `press` does it, `answers` are the messages that follow
    typed      the subcommands; `setting` sets one value by its name, `shown` lists all
    people     block, give more pictures, cancel what waits
    usage      who used how much; `chart` draws it
    transfer   export and import
    hint       told once to those who may use it
"""
