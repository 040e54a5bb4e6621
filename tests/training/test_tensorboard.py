from tensorflow.python.summary.summary_iterator import summary_iterator

from mmfusion.training.tensorboard import TensorBoard


def test_figures_of_each_epoch_are_written(make, batches, tmp_path):
    make().fit(
        batches,
        validation_data=batches,
        epochs=2,
        verbose=0,
        shuffle=False,
        callbacks=[TensorBoard(tmp_path)],
    )
    for part in ("train", "validation"):
        (path,) = (tmp_path / part).glob("events.*")
        told = [(e.step, v.tag) for e in summary_iterator(str(path)) for v in e.summary.value]
        assert {(0, "epoch_loss"), (1, "epoch_loss"), (1, "epoch_accuracy")} <= set(told)
        assert not any(tag.startswith("batch_") for _, tag in told)
