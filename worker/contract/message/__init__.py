"""What people see of a job: one place for bot and poster, so that they cannot differ.

Where to look:
    job_message   the message of a job in each state, as plain Discord JSON
    texts         its sentences; notice_texts  those about words that a model does not know
    cause_texts   the sentence for each cause of a failure
    languages     in which language all that is said; locale/ has the template for translators (`make texts`)
    markdown      text of people made harmless
    custom_ids    what its buttons carry
    verbs         what people can do to a job: one row a verb, for buttons, reactions, /help and permissions
"""
