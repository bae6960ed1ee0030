"""Takes requests in, whatever Discord event asks: what commands, verbs and controls all work with.

Where to look:
    admission    check, admit, answer; `Intake` is what every cog is given
    fewer        for what nobody typed a number of pictures
    origin       which event asks for a job, for whom and where the result goes; what makes two events one
    command_rules  what a server's admins set for Easel's commands, read from Discord and remembered
    server_settings  what admins and the operator have set, never older than the last look
    live_models  which models and upscalers live workers have, and suggestions while a person types
"""
