"""What stands in a bot's way: rate limits and bans as Discord has them; faults and chaos on request."""
