"""MELD, each dialogue as one sequence."""

import pytest

from mmfusion.data.corpora.meld import is_meld, read_meld

HEAD = "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID\n"


@pytest.fixture
def write(tmp_path):
    def save(*lines, encoding="utf-8"):
        path = tmp_path / "meld.csv"
        path.write_bytes((HEAD + "".join(f"{line}\n" for line in lines)).encode(encoding))
        return path

    return save


def test_dialogues_become_sequences(write):
    path = write(
        "1,Second,Ross,joy,positive,7,1",
        '2,"First, said",Monica,neutral,neutral,7,0',
        "3,Alone,Joey,anger,negative,2,0",
    )
    rows = read_meld(path)
    assert rows.tensors["text"].tolist() == ["First, said", "Second", "Alone"]
    assert [row.id for row in rows.clips] == ["7_0", "7_1", "2_0"]
    assert rows.lengths.tolist() == [2, 1]
    assert rows.classes == ["anger", "joy", "neutral"]
    assert read_meld(path, label="Sentiment").classes == ["negative", "neutral", "positive"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_windows_quirks_are_mended(write, encoding):
    rows = read_meld(write("1,It\u2019s\u2026 fine,Ross,joy,positive,0,0", encoding=encoding))
    assert rows.tensors["text"][0].startswith("It's")
    broken = read_meld(write("1,It\x92s fine,Ross,joy,positive,0,0"))
    assert broken.tensors["text"][0] == "It's fine"


def test_knows_its_columns(write, tmp_path):
    assert is_meld(write())
    (tmp_path / "other.csv").write_text("id,text,label\n")
    assert not is_meld(tmp_path / "other.csv")
    assert not is_meld(tmp_path / "none.csv")


def test_says_what_does_not_fit(write, tmp_path):
    with pytest.raises(ValueError, match="row 2: whole numbers"):
        read_meld(write("1,Hi,Ross,joy,positive,x,0"))
    with pytest.raises(ValueError, match="a 'Mood' expected"):
        read_meld(write("1,Hi,Ross,joy,positive,0,0"), label="Mood")
    with pytest.raises(FileNotFoundError, match="No corpus"):
        read_meld(tmp_path / "none.csv")


def test_emotions_are_spelled_in_one_way_and_may_be_missing(write):
    emotions = ("joy", "Joy ", "", "NaN", "anger")
    path = write(*(f"{at},Hi,Ross,{each},neutral,0,{at}" for at, each in enumerate(emotions)))
    rows = read_meld(path)
    assert [row.label for row in rows.clips] == ["joy", "joy", None, None, "anger"]
    assert rows.classes == ["anger", "joy"]
