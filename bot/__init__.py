"""The Discord side: events in, answers out. Rendering and posting happen in `worker`.

Where to look:
    app          the bot: intents, what it is made of, what runs beside it
    commands     slash commands, one file per family; `resolve` fills in what nobody typed
    controls     buttons and reactions: who does what to which job
    verbs        what is done to a job, one file each, used by buttons and reactions alike
    policy       limits and permissions: yes, or a refusal with its reason
    intake         takes requests in: check, admit, answer
    reply        one interaction's answer, in time; the only error handler
    callbacks    interaction answers as plain HTTP
    words        every sentence that a person may see
    errors       why the bot says no
    settings     from the environment and `.env`
    sync         registers the commands, only when they changed
"""
