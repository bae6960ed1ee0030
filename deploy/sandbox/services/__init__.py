"""What happens in the world: what people and bots do, what follows from it, and who is notified.

- `messages`, `reactions`, `threads`: sent, changed, deleted; `media`, `mentions`: what messages show and whom they ping
- `interactions`: their three seconds, their tokens, their answers
- `people`: what a person does in Discord's client; `command_visibility`, `resolve`: what commands offer and name
- `announce`: events for bots, pages and clients
"""
