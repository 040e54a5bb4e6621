"""The figures of each epoch for TensorBoard."""

import keras


class TensorBoard(keras.callbacks.TensorBoard):
    """Writes the figures of each epoch; nothing is done after a batch.

    Keras' own makes ready the figures of each batch, which took a hundredth of a training, even
    where only those of epochs are written.

    Args:
        folder: Path of the folder.
    """

    def __init__(self, folder):
        super().__init__(str(folder), write_graph=False)

    def on_train_batch_end(self, batch, logs=None):
        """Nothing."""
