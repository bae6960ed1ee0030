import pytest

from worker.starter.data.catalogue import choose, slug


def entry(label, tags=(), group=3, subgroup=34):
    return {"label": label, "tags": list(tags), "group": group, "subgroup": subgroup}


ANIMALS = [
    entry("cat face", ["pet", "kitty", "cat"]),
    entry("cat", ["pet", "cat face"]),
    entry("dog face", ["pet", "hound", "it"]),
    entry("twelve o’clock", group=5, subgroup=58),
    entry("one-thirty", group=5, subgroup=58),
    entry("alarm clock", group=5, subgroup=58),
    entry("flag: Chad", group=9, subgroup=98),
    entry("OK button", group=8, subgroup=95),
    entry("wolf"),
]
EVERY = {slug(one["label"]) for one in ANIMALS}


def test_only_what_all_sets_share_and_people_ask_for():
    subjects = choose(ANIMALS, [EVERY, EVERY - {"wolf"}])
    assert [subject.icon for subject in subjects] == ["cat-face", "cat", "dog-face", "alarm-clock"]


def test_names_mean_one_subject_and_cues_a_few():
    cat_face, cat, dog, _ = choose(ANIMALS, [EVERY])[:4]
    assert cat_face.names[0] == "cat face"
    assert cat.names == ("cat",)
    assert "kitten" in cat_face.names
    assert "cat" not in (*cat_face.names, *cat_face.tags)
    assert dog.tags == ("hound",)
    assert cat_face.cues == cat.cues == dog.cues == ("pet",)


@pytest.mark.parametrize(
    ("label", "icon"),
    [("woman’s hat", "womans-hat"), ("piñata", "pinata"), ("flag: Chad", "flag-chad"), ("UFO", "ufo")],
)
def test_slugs_are_the_sets_names(label, icon):
    assert slug(label) == icon
