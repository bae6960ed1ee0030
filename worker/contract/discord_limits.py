"""Discord's limits, each once. What Easel allows within them is said where it is used.

Sources: Discord's OpenAPI description (https://github.com/discord/discord-api-spec) where a limit stands in it, which a
test compares; else its documentation at the page named beside the number.
"""

MEBIBYTE = 1024 * 1024

# Uploads: https://docs.discord.com/developers/reference#uploading-files
FILE_MAX = 10 * MEBIBYTE  # bytes of one file where nothing says more: boosted servers and subscribers have more
REQUEST_MAX = 25 * MEBIBYTE  # bytes of one request, so of all files of one message together
FILES_MAX = 10  # files in one message
ALT_TEXT_MAX = 1024  # characters of a file's description, which screen readers say

# Messages: https://docs.discord.com/developers/resources/message#create-message
CONTENT_MAX = 2000  # characters of text; the description says 4000, which only people with a subscription have
EMBED_DESCRIPTION_MAX = 4096  # characters; all text of a message's embeds together may have 6000
NONCE_MAX = 25  # characters of what makes two tries at a message one

# Components: https://docs.discord.com/developers/components/reference
CUSTOM_ID_MAX = 100  # characters
LABEL_MAX = 80  # characters on a button
BUTTONS_PER_ROW = 5
ROWS_MAX = 5  # rows of buttons under one message

# Commands: https://docs.discord.com/developers/interactions/application-commands
CHOICES_MAX = 25  # suggestions for one option
CHOICE_NAME_MAX = 100  # characters of a suggestion

# Rates: https://docs.discord.com/developers/topics/rate-limits
REQUESTS_PER_SECOND = 50  # with one bot's token, from wherever; interactions do not count
INVALID_REQUESTS_MAX = 10_000  # answers of 401, 403 and 429 in ten minutes, after which Discord bans the address
