import numpy as np

from worker.starter.compose import View, compose, draw_view, to_model


def test_same_view_same_pixels_and_background_around_the_glyph(glyphs):
    view = View(52, 3, -2)
    first, again = (compose(glyphs[0, 0], (170, 214, 245), view) for _ in range(2))
    assert (first == again).all()
    assert first.shape == (64, 64, 3)
    assert tuple(first[0, 0]) == tuple(first[-1, -1]) == (170, 214, 245)
    assert tuple(first[30, 35]) == (220, 30, 30)


def test_mirrored_is_the_mirror_image(glyphs):
    plain = compose(glyphs[0, 1], (0, 0, 0), View(52))
    mirrored = compose(glyphs[0, 1], (0, 0, 0), View(52, mirrored=True))
    assert (plain != mirrored).any()
    assert (plain[:, ::-1] == mirrored).all()


def test_edges_do_not_take_the_colour_of_invisible_pixels():
    glyph = np.zeros((64, 64, 4), np.uint8)
    glyph[..., 1] = 255  # green where nothing shows
    glyph[16:48, 16:48] = (255, 0, 0, 255)
    assert compose(glyph, (255, 0, 0), View(50))[..., 1].max() <= 2


def test_drawn_views_are_seeded_and_stay_on_the_canvas():
    views = [draw_view(np.random.default_rng(seed)) for seed in range(200)]
    assert views == [draw_view(np.random.default_rng(seed)) for seed in range(200)]
    assert {view.mirrored for view in views} == {True, False}
    assert all(view.size / 2 + max(abs(view.dx), abs(view.dy)) <= 64 for view in views)


def test_model_range():
    picture = np.array([[[[0, 255, 51]]]], np.uint8)
    assert to_model(picture).shape == (1, 3, 1, 1)
    np.testing.assert_allclose(to_model(picture).ravel(), [-1, 1, -0.6], atol=1e-6)
