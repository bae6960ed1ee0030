"""What can be watched.

- `exchanges`: the log of calls and gateway events; `trace`: what of it touched one message
- `stream`: live changes for pages and clients
"""
