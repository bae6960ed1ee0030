"""Everything behind the queue: the contract with the bot, slots, engine, poster and the starter model."""
