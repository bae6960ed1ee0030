"""Rate limits and bans as Discord has them; faults and chaos on request.

- `ratelimit`, `ban`: 429 with and without `Via`
- `faults`: calls that go wrong, armed one by one; `chaos`: calls and connections that go wrong by a seed
- `dataclass_input`: settings from outside, checked against a dataclass
"""
