import pytest

import mmfusion as mm


def test_the_way_of_chapter_5(clips, tmp_path):
    spec = mm.ClipSpec(steps=4, size_px=16, sample_rate_hz=8000, tokens=4, vocabulary_size=50)
    records, prep = mm.preprocess_data(clips, tmp_path / "records", spec=spec)
    assert [len(records[name]) for name in ("train", "val", "test")] == [8, 8, 8]
    load = {name: mm.data.dataset(part, prep, batch_size=8) for name, part in records.items()}
    model, losses = mm.optimize_model(
        lambda: mm.create_model(spec, classes=8),
        load["train"],
        load["val"],
        learning_rates=(0.1, 1e-9),
        epochs=3,
    )
    assert losses[0.1] != losses[1e-9]
    fitted = mm.train_model(model, load["train"], load["val"], run=tmp_path / "run", epochs=1)
    assert len(fitted.history["val_loss"]) == 1
    assert (tmp_path / "run" / "best.keras").is_file()
    assert mm.evaluate_model(model, load["test"], classes=records["test"].classes).n == 8


def test_optimize_needs_a_rate():
    with pytest.raises(ValueError, match="`learning_rates`"):
        mm.optimize_model(None, None, None, learning_rates=())
