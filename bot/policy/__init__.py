"""What somebody may ask for here: limits → policy → yes, or a refusal with its reason."""
