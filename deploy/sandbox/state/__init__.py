"""The state of the world: what it is made of and starts as, its clock, ids and files, and how it is kept on disk."""
