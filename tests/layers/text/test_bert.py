"""Texts to subword tokens and on to vectors by a BERT."""

import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.features.bert import BertEncoder
from mmfusion.layers.text.bert import BATCH, SentenceVectors, WordBackbone, WordPieceTokenizer

# [UNK] 1, [CLS] 2, [SEP] 3, fire 5, alarm 6, no 7, ##s 8
TEXTS = np.array([["No fire!", "alarms", "dragon"], ["fire", "no no no alarm", ""]])
MASK = np.array([[True, True, True], [False, True, True]])
PIECES = [
    [[2, 7, 5, 1, 3], [2, 6, 8, 3, 0], [2, 1, 3, 0, 0]],
    [[0, 0, 0, 0, 0], [2, 7, 7, 7, 3], [2, 3, 0, 0, 0]],
]


@pytest.fixture
def layer(tiny_bert):
    return BertEncoder(tiny_bert, tokens=5).tokenizer


def test_pieces_by_hand(layer):
    found = layer(TEXTS, MASK)
    assert found.dtype == "int32"
    np.testing.assert_array_equal(found, PIECES)


def test_nothing_there_is_no_pieces(layer):
    assert layer(TEXTS, MASK & False).shape == (2, 3, 0)


def test_survives_saving(layer, tmp_path):
    inputs = [keras.Input((None,), dtype="string"), keras.Input((None,), dtype="bool")]
    keras.Model(inputs, layer(*inputs)).save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(again([tf.constant(TEXTS), tf.constant(MASK)]), PIECES)


def test_the_package_is_named(layer, monkeypatch):
    config = layer.get_config()
    monkeypatch.setitem(sys.modules, "keras_hub", None)
    with pytest.raises(ImportError, match=r"pip install 'mmfusion\[bert\]'"):
        WordPieceTokenizer.from_config(config)


IDS = np.array(
    [
        [[2, 7, 5, 3, 0], [2, 6, 8, 3, 0], [2, 3, 0, 0, 0]],
        [[2, 5, 3, 0, 0], [2, 7, 7, 6, 3], [2, 1, 3, 0, 0]],
    ],
    np.int32,
)
HERE = np.array([[True, False, True], [False, True, True]])


@pytest.fixture
def vectors_of(tiny_bert):
    """A frozen one, of which nothing is dropped where it is not."""
    vectors_of = BertEncoder(tiny_bert).layer
    for part in vectors_of.layer._flatten_layers():
        if isinstance(part, keras.layers.Dropout):
            part.rate = 0
    return vectors_of


def model_of(vectors_of):
    pieces, mask = keras.Input((None, None), dtype="int32"), keras.Input((None,), dtype="bool")
    return keras.Model([pieces, mask], vectors_of(pieces, mask))


def test_the_mean_state_of_the_pieces_by_hand(vectors_of):
    ids = IDS[0, :1, :4]
    asked = {"token_ids": ids, "padding_mask": ids > 0, "segment_ids": ids * 0}
    mean = np.mean(vectors_of.layer(asked)["sequence_output"][0], axis=0)
    found = vectors_of(IDS[:1, :1], HERE[:1, :1])
    assert found.shape == (1, 1, 8)
    np.testing.assert_allclose(found[0, 0], mean / np.linalg.norm(mean), atol=1e-6)


def test_more_texts_than_are_read_at_once_keep_their_places(vectors_of):
    lengths = np.arange(2 * BATCH + 3) % 5
    pieces = np.array([[2, *[7] * length, 3, *[0] * (4 - length)] for length in lengths])
    together = vectors_of(pieces[None], np.ones((1, len(pieces)), bool))[0]
    for at in (0, 4, BATCH, 2 * BATCH + 2):
        alone = vectors_of(pieces[None, at : at + 1], np.ones((1, 1), bool))[0, 0]
        np.testing.assert_allclose(together[at], alone, atol=1e-6)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("mask", [HERE, HERE & False])
def test_absent_steps_are_zero_and_never_read(vectors_of, mask, training):
    model = model_of(SentenceVectors(vectors_of.layer))
    before = model([IDS, mask], training=training).numpy()
    assert not before[~mask].any()
    np.testing.assert_allclose(np.linalg.norm(before[mask], axis=-1), 1, rtol=1e-5)
    garbage = np.where(mask[..., None], IDS, 5)
    np.testing.assert_array_equal(model([garbage, mask], training=training), before)


def test_is_learned_only_where_it_is_not_frozen(vectors_of):
    assert vectors_of.weights
    assert vectors_of.trainable_weights == []
    vectors_of = SentenceVectors(vectors_of.layer)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(vectors_of(IDS, HERE, training=True)[..., 0])
    weights = [weight.value for weight in vectors_of.trainable_weights]
    assert all(tf.norm(tf.convert_to_tensor(each)) > 0 for each in tape.gradient(loss, weights))


def test_learning_reads_what_reading_reads(vectors_of):
    frozen = vectors_of(IDS, HERE)
    learning = SentenceVectors(vectors_of.layer)
    np.testing.assert_allclose(learning(IDS, HERE, training=True), frozen, atol=1e-6)


def test_survives_saving_and_export(vectors_of, tmp_path):
    batch = [tf.constant(IDS), tf.constant(HERE)]
    model = model_of(vectors_of)
    expected = model(batch)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(again(batch), expected)
    model.export(tmp_path / "saved", verbose=False)
    saved = tf.saved_model.load(tmp_path / "saved")
    np.testing.assert_allclose(saved.serve(batch), expected, atol=1e-6)


def test_mean_of_the_words_by_hand():
    asked = {
        name: keras.Input((None,), dtype="int32", name=name)
        for name in ("token_ids", "padding_mask", "segment_ids")
    }
    table = keras.layers.Embedding(4, 1, embeddings_initializer="zeros")
    layer = WordBackbone(keras.Model(asked, table(asked["token_ids"])))
    table.set_weights([np.array([[9.0], [1.0], [3.0], [8.0]])])
    means = layer(np.array([[1, 2, 0], [3, 0, 0], [0, 0, 0]]))
    np.testing.assert_allclose(means, [[2.0], [8.0], [0.0]])
