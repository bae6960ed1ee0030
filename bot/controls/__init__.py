"""What people do to a result: buttons and reactions. Each only finds out who does what to which job.

Where to look:
    buttons    presses, by the custom id; all of its state is in there
    questions  what a press asks back first, and the button that says yes
    reactions  emoji on a job's message, with refusals by direct message
    unknown    ids of another version of Easel, on buttons, menus and forms: answered in words
    forgotten  what a message shows whose job nobody knows any more
"""
