import logging

import pytest

from mmfusion.training.progress import Progress


@pytest.mark.parametrize("epochs", [1, 2])
def test_logs_a_line_for_each_epoch_and_stays_quiet_off_a_terminal(
    make, batches, caplog, capsys, epochs
):
    with caplog.at_level(logging.INFO, "mmfusion"):
        make().fit(batches, epochs=epochs, verbose=0, shuffle=False, callbacks=[Progress()])
    assert [message.split(",")[0].split(" acc")[0] for message in caplog.messages] == [
        f"epoch {epoch + 1}/{epochs}:" for epoch in range(epochs)
    ]
    assert all("loss 0." in message for message in caplog.messages)
    assert capsys.readouterr() == ("", "")
