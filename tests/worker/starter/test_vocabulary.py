from worker.starter.vocabulary import COLOURS, STYLES, Subject, Vocabulary


def test_what_is_written_is_read(tmp_path):
    known = Vocabulary(
        (Subject("red-apple", ("red apple", "apple"), ("ripe",), ("fruit",)), Subject("owl", ("owl",))), at_once=1
    )
    known.write(tmp_path / "vocabulary.json")
    assert Vocabulary.read(tmp_path / "vocabulary.json") == known


def test_no_two_colours_or_styles_share_a_name_or_look_alike():
    for things in (COLOURS, STYLES):
        names = [name for thing in things for name in thing.names]
        assert len(names) == len(set(names))
    assert len(COLOURS) >= 16
    for index, colour in enumerate(COLOURS):
        for other in COLOURS[:index]:
            apart = sum((a - b) ** 2 for a, b in zip(colour.rgb, other.rgb, strict=True)) ** 0.5
            assert apart > 28, (colour.names[0], other.names[0])
