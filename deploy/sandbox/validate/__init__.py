"""The bodies that Discord accepts: each module checks one kind and says what is wrong, field by field.

- `messages` with `embeds`, `components`, `emoji`; `modals`; `threads`; `commands` with `locales`: sent by applications
- `options`, `filled`: typed by people
"""
