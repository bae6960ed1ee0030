"""The state of the world.

- `model`: what it is made of; `world`: all of it, with lookups; `defaults`: the world that a sandbox starts with
- `clock`, `ids`, `files`: time that can be scaled, snowflakes, uploads with signed links
- `store`: the world on disk (`--data`)
"""
