"""The GPU service: one process per GPU that holds the models warm and draws requests over a Unix socket.

It knows nothing of Redis or Discord and holds no secret. Importing this package imports no torch.

Where to look:
    main           wiring and the command line; `__main__` starts the engine alone
    settings       every variable it reads
    protocol       the wire: frames, health, what a render call looks like
    errors         the exceptions, each with why
    whole_file     what is written so that nobody finds half of it
    models.toml    the catalogue that ships
    service/       the socket and all that must answer while torch works; no torch
    pipeline/      models, drawing and upscaling; torch
    prompt_match/  prompts for models that know few words
"""
