"""The verbs of the command, each with the options that it fills, in the order of `--help`."""

from mmfusion.options import verbs
from mmfusion.options.demo import DemoOptions, DoctorOptions
from mmfusion.options.features import BaselineOptions, FeaturesOptions
from mmfusion.options.transcribe import TranscribeOptions
from mmfusion.options.weights import WeightsOptions

BEGIN, TRAIN, USE = "Begin", "Train", "Use"
VERBS = {  # the file in `mmfusion/apps` to its options and its panel
    "demo": (DemoOptions, BEGIN),
    "doctor": (DoctorOptions, BEGIN),
    "weights": (WeightsOptions, BEGIN),
    "transcribe": (TranscribeOptions, BEGIN),
    "prepare": (verbs.PrepareOptions, BEGIN),
    "train": (verbs.TrainOptions, TRAIN),
    "crossval": (verbs.CrossvalOptions, TRAIN),
    "compare": (verbs.CompareOptions, TRAIN),
    "tune": (verbs.TuneOptions, TRAIN),
    "ensemble": (verbs.EnsembleOptions, TRAIN),
    "features": (FeaturesOptions, TRAIN),
    "baseline": (BaselineOptions, TRAIN),
    "evaluate": (verbs.EvaluateOptions, USE),
    "predict": (verbs.PredictOptions, USE),
    "export": (verbs.ExportOptions, USE),
}
