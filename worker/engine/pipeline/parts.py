"""Pictures that are drawn part by part: how far they are."""


class Parts:
    """All pictures of a request: each part is drawn for all of them before the next begins.

    Attributes:
        turn: how many parts are drawn.
        turns: how many there are at most for a picture.
    """

    def __init__(self, turns: int) -> None:
        self.turn, self.turns = 0, turns

    @property
    def over(self) -> bool:
        """Whether all parts are drawn."""
        return self.turn >= self.turns

    @property
    def last(self) -> bool:
        """Whether the part that is drawn now is the last."""
        return self.turn >= self.turns - 1
