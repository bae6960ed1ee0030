"""The Discord side: events in, answers out. Rendering and posting happen in `worker`.

Where to look, from the top down; a room knows only those below it (`make lint` holds that):
    __main__     `python -m bot`: wiring only
    app          the bot: intents, what it is made of, what runs beside it
    commands/    slash commands, one file per family; `resolve` fills in what nobody typed
    controls/    buttons and reactions: who does what to which job; ids that no Easel of this version gave out
    verbs/       what is done to a job, one file each; `handlers` is their table
    intake/      takes requests in: which event asks, which models are live, check, admit, answer
    policy/      limits and permissions: yes, or a refusal with its reason
    discord_io/  interaction answers in time and over plain HTTP; the only error handler; registering commands
    texts/       every sentence that a person may read from the bot
    settings     from the environment and `.env`
    errors       why the bot says no

A verb's label, emoji, reactions, who may and on which jobs: `worker/contract/message/verbs.py`, for the poster makes
buttons, too. Discord's limits: `worker/contract/discord_limits.py`.
"""
