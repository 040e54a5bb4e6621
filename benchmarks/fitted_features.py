"""What is learned from features that were fitted to the labels of the rows trained on.

Features of CMU-MOSI as they are passed around come from networks that learned the labels of the
official training part: cross-validated there, any model is nearly perfect. Here the words' features
of each fold come from a network that has learned the other folds alone, and the pictures of unseen
rows, whose features say nothing on the official test, are dealt out among them.

    nice python benchmarks/fitted_features.py --arrays mosi_features/train.npz --json
"""

import argparse
import functools
import tempfile
from pathlib import Path

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from table import show

from mmfusion.branches.word_lstm import TextCNN
from mmfusion.data.augmentation import Augmentation
from mmfusion.data.split import declared_split
from mmfusion.experiments.fit import fit
from mmfusion.experiments.measure import accuracy
from mmfusion.experiments.open_corpus import open_corpus
from mmfusion.options.corpus import Corpus
from mmfusion.options.training import Training

MODALITIES = "audio", "text", "video"
WORDS, LONGEST, WIDTH, EPOCHS = 3_000, 40, 100, 30


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arrays", required=True, metavar="FILE", help="CMU-MOSI's train.npz")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    found = {name: [] for name in CONTENDERS}
    with tempfile.TemporaryDirectory() as folder:
        for fold in range(options.folds):
            path = Path(folder, f"{fold}.npz")
            np.savez(path, **refitted(options.arrays, fold, options.folds))
            for name, contender in CONTENDERS.items():
                found[name].append(contender(path))
    rows = [
        {"name": name, "accuracy": np.mean(scores), "std": np.std(scores)}
        for name, scores in found.items()
    ]
    result = {"rows": rows, "ratio_to_best_peer": rows[0]["accuracy"] / rows[-1]["accuracy"]}
    show(result, as_json=options.json)


def refitted(path, fold, folds):
    """The arrays of a fold, with features that were fitted to the other folds alone."""
    keras.utils.set_random_seed(fold)
    arrays = dict(np.load(path))
    label, group = arrays["label"].astype(int), arrays["video_id"]
    train, test = list(GroupKFold(folds).split(label, groups=group))[fold]
    said = [text.lower() for text in arrays.pop("transcript")]
    tokens = keras.layers.TextVectorization(WORDS, output_sequence_length=LONGEST)
    tokens.adapt([said[row] for row in train])
    ids = np.asarray(tokens(said))  # (N, L)
    words = keras.Input((LONGEST,), dtype="int32")
    features = TextCNN(WORDS, WIDTH)(words)
    likely = keras.layers.Dense(2, "softmax")(keras.layers.Dropout(0.3)(features))
    model = keras.Model(words, likely)
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    model.fit(ids[train], label[train], batch_size=50, epochs=EPOCHS, verbose=0)
    video = arrays["video"].copy()
    video[test] = video[np.random.default_rng(fold).permutation(test)]
    return arrays | {
        "text": keras.Model(words, features).predict(ids, verbose=0),
        "video": video,
        "split": np.where(np.isin(np.arange(len(label)), test), "test", "train"),
    }


def ours(path, modalities=MODALITIES, **varied):
    """The sequences of `mmfusion train`."""
    with tempfile.TemporaryDirectory() as out:
        which = {"group": "video_id", "order": "utterance", "modalities": modalities}
        corpus = open_corpus(Corpus(manifest=str(path), **which))
        train, _, test = declared_split(corpus.rows)
        how = Training(augmentation=Augmentation(**varied))
        run = fit(corpus, {"train": train, "val": (), "test": test}, how=how, out=out)
        data = corpus.batches(corpus.part(test), run.preprocessor, classes=run.classes)
        return accuracy(run.model, data)


def logistic_regression(path):
    """scikit-learn's, on all features of a row side by side."""
    arrays = np.load(path)
    x = np.concatenate([arrays[name] for name in MODALITIES], axis=1)
    train = arrays["split"] == "train"
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1e-3, max_iter=1000))
    model.fit(x[train], arrays["label"][train])
    return model.score(x[~train], arrays["label"][~train])


CONTENDERS = {
    "all three modalities": ours,
    "words alone": functools.partial(ours, modalities=("text",)),
    "all three, little noise": functools.partial(ours, sequence_noise=0.01),
    "logistic regression": logistic_regression,
}

if __name__ == "__main__":
    main()
