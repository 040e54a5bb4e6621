import pytest

from mmfusion.data.spellings import Spellings


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ([], []),
        ([None, "", " ", "NaN", "nan", "<NA>", "#N/A", "-nan"], [None] * 8),
        (["none", "null", "NA", "neutral"], ["none", "null", "NA", "neutral"]),  # may be classes
        (["pos ", "pos", "POS", "\tPos"], ["pos"] * 4),
        (["POS", "pos"], ["POS"] * 2),
        (["1", "1.0", "01", "-1.00", "1.5"], ["1", "1", "01", "-1.00", "1.5"]),
        (["2.0", "2"], ["2.0"] * 2),
        (["caf\u00e9", "cafe\u0301"], ["caf\u00e9"] * 2),
        (["cafe\u0301", "caf\u00e9"], ["caf\u00e9"] * 2),
    ],
)
def test_one_name_for_all_its_spellings(written, names):
    spellings = Spellings("a.csv: label")
    assert [spellings[each] for each in written] == names
    assert [spellings[each] for each in written] == names


def test_what_is_joined_is_logged_once(caplog):
    spellings = Spellings("a.csv: label")
    for each in ("pos ", "pos ", "POS", "POS", "neg"):
        spellings[each]
    assert [record.getMessage() for record in caplog.records] == [
        "a.csv: label: 'POS' is taken for 'pos '"
    ]
