"""The GPU service: one process per GPU that holds the models warm and draws requests over a Unix socket.

It knows nothing of Redis or Discord and holds no secret. Importing this package imports no torch.

Where to look:
    protocol   the wire: frames, health, what a render call looks like
    main       wiring and the command line;  settings  every variable it reads
    server     the socket's HTTP handlers;   door      the socket itself: folder, lock, stale file
    desk       admission and the GPU thread; task    one render's progress, cancel flag and pictures
    breaker    rests after failures in a row
    watchdog   time budgets of the phases;   errors    the exceptions, each with its cause
    catalogue  models.toml;                  load      files → a pipeline in memory;  cache  which are held
    words      prompts for models that know few words
    upscale    a picture → a larger one;     source    reads the picture that somebody wants larger
    denoise    request → pictures;           schedulers  samplers by name;  preview  latents → a small picture
    fake       the same service without a model, for tests
"""
