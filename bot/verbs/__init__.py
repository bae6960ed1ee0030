"""What people do to a job: one file a verb, used by buttons, reactions and commands alike."""
