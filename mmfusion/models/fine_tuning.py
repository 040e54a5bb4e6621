"""Fine-tuning: a BERT moved from the Preprocessor into the model, where it is trained."""

import keras

from mmfusion.features.bert import BertEncoder
from mmfusion.layers.text.bert import SentenceVectors


def unfreeze_text_encoder(
    prep: keras.Model, model: keras.Model, encoder: BertEncoder
) -> tuple[keras.Model, keras.Model]:
    """Moves the encoder of sentences from the Preprocessor into the model, ready to be trained.

    Nothing else changes: before training, the predictions are the same.

    Args:
        prep: `keras.Model`. The Preprocessor, which returns `<name>_sentences`.
        model: `keras.Model` that takes them.
        encoder: BertEncoder. Its BERT is learned with the model.

    Returns:
        Tuple of a Preprocessor that returns the ids of subword tokens, `<name>_pieces`, and a
        `keras.Model` that takes these.

    Reference:
        [Howard and Ruder, 2018](https://arxiv.org/abs/1801.06146)
    """
    vectors = SentenceVectors(encoder.layer.layer)
    ready, inputs, features = {}, {}, {}
    for name, tensor in prep.output.items():
        words = name.removesuffix("_sentences")
        if words != name:
            name = f"{words}_pieces"
            tensor = encoder.tokenizer(prep.input[words], prep.input[f"{words}_mask"])
        ready[name] = tensor
        inputs[name] = keras.Input(tensor.shape[1:], dtype=tensor.dtype, name=name)
    for name in model.input:
        words = name.removesuffix("_sentences")
        if words == name:
            features[name] = inputs[name]
        else:
            features[name] = vectors(inputs[f"{words}_pieces"], inputs[f"{words}_mask"])
    through = keras.layers.Identity(dtype="float32", name="probabilities")
    whole = keras.Model(inputs, through(model(features)), name="fine_tuning")
    return keras.Model(prep.input, ready, name=prep.name), whole
