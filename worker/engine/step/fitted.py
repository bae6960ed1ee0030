"""How much fitted into memory at once after more had not, and when more is tried again: a shortage may pass."""

PATIENCE, PATIENCE_MAX = 64, 4096  # successes before that; twice as many each time that it was in vain

Shape = tuple[int, ...]


class Fitted(dict[Shape, int]):
    """Of one kind of work, by the shape of latents or the size of pictures; kept as long as the model is."""

    def __init__(self) -> None:
        super().__init__()
        self._successes: dict[Shape, int] = {}
        self._patience: dict[Shape, int] = {}

    def start(self, shape: Shape, most: int) -> int:
        """How much of `most` fits at once, as far as is known."""
        return min(most, self.get(shape, most))

    def more(self, shape: Shape, most: int) -> int:
        """How much to try before that; 0 as long as nothing more is worth a try."""
        start, more = self.start(shape, most), most
        if start == most or self._successes.get(shape, 0) < self._patience.get(shape, PATIENCE):
            return 0
        while more // 2 > start:
            more //= 2
        return more

    def did(self, shape: Shape, tried: int, done: int) -> None:
        """So much fitted at once, where `tried` was tried first; 0: nothing, or only a way that takes less memory."""
        known = self.get(shape)
        if done < tried:
            if known is not None and tried > known:
                self._patience[shape] = min(PATIENCE_MAX, 2 * self._patience.get(shape, PATIENCE))
            self._successes[shape] = 0
            if done:
                self[shape] = done
        elif known is not None and done > known:
            self[shape] = done
            self._successes[shape], self._patience[shape] = 0, PATIENCE
        elif done == known:
            self._successes[shape] = self._successes.get(shape, 0) + 1
