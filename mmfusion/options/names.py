"""The names that options take; each is held against its table by a test."""

from typing import Literal

FusionName = Literal[
    "bottleneck",
    "concat",
    "cross_attention",
    "decision",
    "feature",
    "film",
    "gated",
    "low_rank",
    "modality_attention",
    "mult",
    "self_attention",
    "spatial",
    "temporal",
    "tensor",
]
CleaningStep = Literal[
    "audio.emphasis",
    "audio.gate",
    "audio.loudness",
    "audio.rumble",
    "audio.wiener",
    "text.plain",
    "text.plain-zh",
    "text.stems",
    "video.bilateral",
    "video.face",
    "video.gamma",
    "video.letterbox",
    "video.light",
    "video.median",
    "video.mouth",
    "video.nlmeans",
    "video.stabilise",
]
BranchName = Literal[
    "conv2d",
    "conv2plus1d",
    "conv3d",
    "conv_lstm",
    "crnn",
    "gru",
    "lip_reading",
    "lstm",
    "mel_cnn",
    "mlp",
    "motion",
    "motion_maps",
    "sequential_cnn",
    "tcn",
    "transformer",
    "two_stream",
]
OptimizerName = Literal["adagrad", "adam", "adamw", "lion", "rmsprop", "sgd"]
ScheduleName = Literal["cosine", "cycles", "exponential", "fixed", "plateau", "step"]
LossName = Literal["cross_entropy", "focal", "mse"]
LanguageName = Literal["en"]
NotFiniteName = Literal["mask", "refuse"]
MixName = Literal["cutmix", "mixup"]
PrecisionName = Literal["float32", "mixed_bfloat16", "mixed_float16"]
ScalingName = Literal["min_max", "robust", "z_score"]
TowerName = Literal[
    "efficientnet-lite0",
    "efficientnet-lite1",
    "efficientnet-lite2",
    "efficientnetb0",
    "efficientnetv2b0",
    "inceptionv3",
    "mobilenetv2",
    "mobilenetv3",
    "mobilenetv3small",
    "resnet50",
    "vgg16",
]
StrategyName = Literal["auto", "cpu", "mirrored", "multiworker", "tpu"]
SearchName = Literal["bayes", "grid", "hyperband", "random"]
EnsembleName = Literal["average", "stacking", "vote", "weighted"]
PartName = Literal["train", "val", "test", "all"]
RunnerName = Literal["beam", "local"]
RecipeName = Literal["book", "default", "lips", "voice"]
ImageFeatureName = Literal[
    "cnn",
    "cnn-changes",
    "color",
    "flow",
    "glcm",
    "history",
    "hog",
    "lab",
    "motion",
    "shape",
    "sift",
    "texture",
]
AudioFeatureName = Literal["chroma", "contrast", "mfcc", "pitch", "spectral", "vad", "vad-silero"]
TextFeatureName = Literal[
    "bert", "dependencies", "fasttext", "shape", "syntax", "tfidf", "word2vec"
]
