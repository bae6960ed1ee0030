"""What can be watched: the log of exchanges, what touched a message, and the live stream of changes."""
