"""What people do to a job: one file a verb, used by buttons and reactions alike, always through `handlers.perform`.

Where to look:
    handlers   which function does a verb; all other facts of it are in `worker.contract.message.verbs`
    action     one person's use of a verb: on which message, whose job it is
    cancel, delete, edit, enhance, keep, more, rerun, send, tell, upscale, vary
    whose      who may under whose picture
    press      a press on a button as an `Action`; `drawn`: the request behind a message
    sources    the pictures that a job began with, looked up again
    records    the job behind a message
    pictures   what a picture says of itself, for when that job is forgotten
"""
