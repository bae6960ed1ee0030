"""The only door between bot and worker: what a request is, how a job lives in Redis, what its message shows.

Imports no torch, no discord and no rq, so every process may use it.

Where to look:
    request    what a person asked for, with every bound
    models     what a worker can draw and enlarge, as it tells the bot
    words      what models know that know few words, and what became of a prompt with others
    recipe     the request inside the picture
    result     what a render produced
    source     where the picture lies that is made larger
    destination  where the result goes
    job        states, a job as everybody reads it, why it failed
    record     how it lies in Redis
    jobs       the life of a job: admit, claim, renew, store, fail, cancel, reap
    outbox     which messages are not yet what they should be
    card       what a job's message looks like; words for every failure
    custom_ids what the buttons under a result carry
    verbs      what people can do to a job: one row a verb, for buttons, reactions, /help and permissions
    discord_limits  sizes, lengths and rates that Discord allows
    shared_settings  what bot and workers must agree on; settings_in_force  whose of them hold
    keys, lua/ names and scripts in Redis
    failpoints places where tests may kill a process; README.md says what each leads to
    complaints what is wrong with a setting, in words
"""
