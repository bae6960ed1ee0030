"""What people see of a job: one place for bot and poster, so that they cannot differ.

Where to look:
    job_message   the message of a job in each state, as plain Discord JSON
    custom_ids    what its buttons carry
    verbs         what people can do to a job: one row a verb, for buttons, reactions, /help and permissions
"""
