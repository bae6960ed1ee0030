"""What happens in the world: what people and bots do, what becomes of it, and who is told."""
