import numpy as np
import pytest
from scipy import sparse

from mmfusion.baselines.models import LINEAR, MODELS, class_scores, fit_models


@pytest.mark.parametrize("classes", [2, 3])
def test_every_model_learns_what_is_easy(classes):
    rng = np.random.default_rng(0)
    labels = np.arange(60) % classes
    features = np.eye(classes)[labels] * 4 + rng.normal(0, 0.5, (60, classes))
    features -= features.mean(axis=0)
    models = fit_models(features[:40], labels[:40], seed=0)
    assert list(models) == list(MODELS)
    for name, model in models.items():
        scores = class_scores(model, features[40:])
        assert scores.shape == (20, classes)
        np.testing.assert_allclose(scores.sum(axis=1), 1, err_msg=name)
        assert np.mean(scores.argmax(axis=1) == labels[40:]) > 0.9, name


def test_linear_models_where_features_are_sparse():
    features = sparse.csr_matrix(np.eye(4).repeat(5, axis=0) * 20)
    labels = np.arange(4).repeat(5)
    models = fit_models(features, labels, seed=0)
    assert tuple(models) == LINEAR
    for model in models.values():
        np.testing.assert_array_equal(class_scores(model, features).argmax(axis=1), labels)
