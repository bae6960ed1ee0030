"""What bot and worker say to each other, as frozen pydantic models. No module here knows Redis or Discord.

Where to look:
    versioned        how formats grow: `since`, and models that know which version they need
    request          what a person asked for, with every bound; what a worker needs for it
    operation        what is done with a model, and which pictures that begins with
    variation        how far a picture is drawn anew from itself
    source_place     where those pictures lie; `upscale_source`: the one that is made larger
    destination      where the result goes
    job              states, a job as everybody reads it, why it failed
    cause            more exactly why it ended, or is refused: a code with data, never a sentence
    result           what a render produced
    recipe           the request inside the picture
    model_info       what a worker can draw and enlarge, as it tells the bot; `lora_info`: and with which LoRAs
    vocabulary_notice   what models know that know few words, and what became of a prompt with others
    timings          how long things last and how many there may be
    server_settings  what the admins of a server set; `server_changes`: from one state of it to another, as the audit
    operator_settings  what whoever runs Easel sets while it runs
"""
