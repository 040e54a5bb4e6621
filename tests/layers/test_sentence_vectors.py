"""Word pieces to vectors of sentences inside the graph, by a tiny random BERT."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.features.bert import BertEncoder
from mmfusion.layers.sentence_vectors import BATCH, SentenceVectors

PIECES = np.array(
    [
        [[2, 7, 5, 3, 0], [2, 6, 8, 3, 0], [2, 3, 0, 0, 0]],
        [[2, 5, 3, 0, 0], [2, 7, 7, 6, 3], [2, 1, 3, 0, 0]],
    ],
    np.int32,
)
MASK = np.array([[True, False, True], [False, True, True]])


@pytest.fixture
def layer(tiny_bert):
    """A frozen one, of which nothing is dropped where it is not."""
    layer = BertEncoder(tiny_bert).layer
    for part in layer.layer._flatten_layers():
        if isinstance(part, keras.layers.Dropout):
            part.rate = 0
    return layer


def model_of(layer):
    pieces, mask = keras.Input((None, None), dtype="int32"), keras.Input((None,), dtype="bool")
    return keras.Model([pieces, mask], layer(pieces, mask))


def test_the_mean_state_of_the_pieces_by_hand(layer):
    ids = PIECES[0, :1, :4]
    asked = {"token_ids": ids, "padding_mask": ids > 0, "segment_ids": ids * 0}
    mean = np.mean(layer.layer(asked)["sequence_output"][0], axis=0)
    found = layer(PIECES[:1, :1], MASK[:1, :1])
    assert found.shape == (1, 1, 8)
    np.testing.assert_allclose(found[0, 0], mean / np.linalg.norm(mean), atol=1e-6)


def test_more_texts_than_are_read_at_once_keep_their_places(layer):
    lengths = np.arange(2 * BATCH + 3) % 5
    pieces = np.array([[2, *[7] * length, 3, *[0] * (4 - length)] for length in lengths])
    together = layer(pieces[None], np.ones((1, len(pieces)), bool))[0]
    for at in (0, 4, BATCH, 2 * BATCH + 2):
        alone = layer(pieces[None, at : at + 1], np.ones((1, 1), bool))[0, 0]
        np.testing.assert_allclose(together[at], alone, atol=1e-6)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("mask", [MASK, MASK & False])
def test_absent_steps_are_zero_and_never_read(layer, mask, training):
    model = model_of(SentenceVectors(layer.layer))
    before = model([PIECES, mask], training=training).numpy()
    assert not before[~mask].any()
    np.testing.assert_allclose(np.linalg.norm(before[mask], axis=-1), 1, rtol=1e-5)
    garbage = np.where(mask[..., None], PIECES, 5)
    np.testing.assert_array_equal(model([garbage, mask], training=training), before)


def test_is_learned_only_where_it_is_not_frozen(layer):
    assert layer.weights
    assert layer.trainable_weights == []
    layer = SentenceVectors(layer.layer)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(PIECES, MASK, training=True)[..., 0])
    weights = [weight.value for weight in layer.trainable_weights]
    assert all(tf.norm(tf.convert_to_tensor(each)) > 0 for each in tape.gradient(loss, weights))


def test_learning_reads_what_reading_reads(layer):
    frozen = layer(PIECES, MASK)
    learning = SentenceVectors(layer.layer)
    np.testing.assert_allclose(learning(PIECES, MASK, training=True), frozen, atol=1e-6)


def test_survives_saving_and_export(layer, tmp_path):
    batch = [tf.constant(PIECES), tf.constant(MASK)]
    model = model_of(layer)
    expected = model(batch)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(again(batch), expected)
    model.export(tmp_path / "saved", verbose=False)
    saved = tf.saved_model.load(tmp_path / "saved")
    np.testing.assert_allclose(saved.serve(batch), expected, atol=1e-6)
