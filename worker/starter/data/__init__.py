"""The training pictures: fetched from pinned packages, rendered, and put together into scenes with captions."""
