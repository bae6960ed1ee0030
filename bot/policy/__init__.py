"""What a person may ask for here: limits → policy → yes, or a refusal with its reason.

Where to look:
    limits       the operator's limits, and whether a request keeps to them
    command_access  who may use a command, and where, by the rules that a server's admins set
    permissions  what the bot needs in a channel, and who counts as a moderator
"""
