"""What was never shown stays what it was: whichever other subjects are learnt, and in the file beside the weights."""

import numpy as np

from worker.starter import held_out
from worker.starter.data import scenes
from worker.starter.vocabulary import Subject, Vocabulary

FEW = Vocabulary(tuple(Subject(f"thing-{number}", (f"thing {number}",)) for number in range(5, 20)))
MORE = Vocabulary(tuple(Subject(f"thing-{number}", (f"thing {number}",)) for number in range(40)))


def test_a_subject_is_held_out_on_the_same_backgrounds_in_every_choice():
    assert scenes.held_out(FEW).any()
    assert (scenes.held_out(FEW) == scenes.held_out(MORE)[:, 5:20]).all()


def test_the_file_beside_the_weights_is_what_counts(tmp_path):
    assert (held_out.read(tmp_path, FEW) == scenes.held_out(FEW)).all()
    other = np.zeros_like(scenes.held_out(FEW))
    other[3, 14, 7] = other[0, 2, 19] = True
    held_out.write(tmp_path / held_out.FILE, FEW, other)
    assert '["thing-19", "simple icon", "teal"]' in (tmp_path / held_out.FILE).read_text()
    assert (held_out.read(tmp_path, FEW) == other).all()
