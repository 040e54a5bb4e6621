"""Several streams of features of the same clip, each of which must do without the others."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("mmfusion")
class StreamDropout(keras.layers.Layer):
    """The mean of streams; in training, of some clips one stream alone, drawn at random.

    So each stream learns to tell the classes by itself, and none rests while another, which soon
    knows the clips by heart, leaves nothing to be told.

    Args:
        rate: float. Share of the clips of which one stream is kept. Default 1.
        seed: int. Of the draws.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        streams: list of float tensors `(B, T, D)`.
        training: bool.

    Returns:
        Float tensor `(B, T, D)`.

    Raises:
        ValueError: if `rate` is not in [0, 1].

    Example:

    >>> streams = [np.zeros((1, 2, 1)), np.ones((1, 2, 1))]
    >>> mm.layers.StreamDropout()(streams).numpy().ravel()
    array([0.5, 0.5], dtype=float32)

    Reference:
        [Neverova et al., 2015](https://arxiv.org/abs/1501.00102)
    """

    def __init__(self, rate=1.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= rate <= 1:
            raise ValueError(f"`rate` must be in [0, 1]. Received: rate={rate}")
        self.rate = rate
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, streams, training=False):
        stacked = ops.stack(streams, axis=1)  # (B, S, T, D)
        if not training or not self.rate:
            return ops.mean(stacked, axis=1)
        count, clips = len(streams), ops.shape(stacked)[0]
        drawn = keras.random.randint((clips,), 0, count, seed=self.seed_generator)
        alone = keras.random.uniform((clips, 1), seed=self.seed_generator) < self.rate
        weights = ops.where(alone, ops.one_hot(drawn, count), 1 / count)  # (B, S)
        return ops.einsum("bs,bstd->btd", ops.cast(weights, stacked.dtype), stacked)

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
