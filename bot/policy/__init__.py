"""What a person may ask for here: limits → policy → yes, or a refusal with its reason.

Where to look:
    ceilings     what whoever runs Easel allows at most; `limits_file`: where that is written
    resolve      many layers of limits become one policy
    limits       a policy: whether a request keeps to it, and what admission counts
    command_access  who may use a command, and where, by the rules that a server's admins set
    permissions  what the bot needs in a channel, and who counts as a moderator
"""
