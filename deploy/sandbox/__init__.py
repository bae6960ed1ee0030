"""A protocol-true stand-in for Discord on loopback: HTTP API v10, gateway v10, CDN, and a page in the browser.

It imports nothing from the product and could be lifted out as a package of its own. See README.md beside this file.

- `server`: all parts put together, and the web server around them; `__main__`: the command line
- `state`: the world, its clock, ids and files, and how it is saved
- `services`: what people and the bot do in the world, and who is notified
- `rules`, `permissions`, `validate`, `errors`: who may do what, what bodies must look like, every refusal
- `http`, `gateway`, `serialise`: what bots meet, and its JSON
- `faults`: rate limits, bans, armed faults, chaos
- `control`, `views`, `recording`: the control API, its JSON, the log and the live stream
- `client`: the control API's Python client; `page`: its client in the browser
"""
