"""The objects behind the names that options take, a table for each kind of name."""

from collections.abc import Callable

import keras

from mmfusion import branches, fusion
from mmfusion.data import mix
from mmfusion.losses.cross_entropy import CrossEntropy
from mmfusion.losses.focal import Focal
from mmfusion.preprocessing.scaling import fit_min_max, fit_robust, fit_z_score
from mmfusion.training import schedules

FUSIONS: dict[str, Callable] = {  # each a function of the width D
    "bottleneck": fusion.BottleneckFusion,
    "concat": lambda units: fusion.ConcatFusion(),
    "cross_attention": fusion.CrossAttentionFusion,
    "decision": fusion.DecisionFusion,
    "feature": fusion.FeatureFusion,
    "film": fusion.FiLMFusion,
    "gated": fusion.GatedFusion,
    "low_rank": fusion.LowRankFusion,
    "modality_attention": fusion.ModalityAttentionFusion,
    "mult": fusion.MulTFusion,
    "self_attention": fusion.SelfAttentionFusion,
    "spatial": fusion.SpatialFusion,
    "temporal": fusion.TemporalFusion,
    "tensor": fusion.TensorFusion,
}
FRAMES: dict[str, Callable] = {  # branches of inputs (B, T, H, W, C)
    "conv2d": branches.conv2d,
    "conv2plus1d": branches.conv2plus1d,
    "conv3d": branches.conv3d,
    "lip_reading": branches.lip_reading,
    "motion_maps": branches.motion_maps,
    "sequential_cnn": branches.sequential_cnn,
    "two_stream": branches.two_stream,
}
SPECTROGRAMS: dict[str, Callable] = {  # branches of inputs (B, T, P, F)
    "conv_lstm": branches.conv_lstm,
    "crnn": branches.crnn,
    "mel_cnn": branches.mel_cnn,
}
FEATURES: dict[str, Callable] = {  # branches of inputs (B, T, D)
    "gru": branches.gru,
    "lstm": branches.lstm,
    "mlp": branches.mlp,
    "motion": branches.motion,
    "tcn": branches.tcn,
    "transformer": branches.transformer,
}
BRANCHES = {3: FEATURES, 4: SPECTROGRAMS, 5: FRAMES}  # by the rank of the inputs
SCALINGS: dict[str, Callable] = {
    "min_max": fit_min_max,
    "robust": fit_robust,
    "z_score": fit_z_score,
}
OPTIMIZERS = {
    "adagrad": keras.optimizers.Adagrad,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "lion": keras.optimizers.Lion,
    "rmsprop": keras.optimizers.RMSprop,
    "sgd": keras.optimizers.SGD,
}
SCHEDULES: dict[
    str, Callable
] = {  # each a function of the learning rate, the steps and an `Optimisation`
    "cosine": lambda rate, steps, how: schedules.cosine(rate, steps, warmup=how.warmup),
    "cycles": lambda rate, steps, how: schedules.cycles(rate, steps, count=how.snapshots or 1),
    "exponential": lambda rate, steps, how: schedules.exponential(rate, steps),
    "fixed": lambda rate, steps, how: schedules.fixed(rate, steps),
    "plateau": lambda rate, steps, how: schedules.fixed(rate, steps),
    "step": lambda rate, steps, how: schedules.step(rate, steps),
}
LOSSES: dict[str, Callable] = {  # each a function of an `Optimisation`
    "cross_entropy": lambda how, **kwargs: CrossEntropy(**kwargs),
    "focal": lambda how, **kwargs: Focal(how.gamma, **kwargs),
    "mse": lambda how, **kwargs: keras.losses.MeanSquaredError(reduction=kwargs["reduction"]),
}
MIXES: dict[str, Callable] = {"cutmix": mix.cutmix, "mixup": mix.mixup}
