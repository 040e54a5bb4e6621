"""One Keras layer for each way to bring modalities together."""

# Not lazy: a saved model finds only the classes that are already registered.
from mmfusion.fusion.concat import ConcatFusion
from mmfusion.fusion.gated import GatedFusion
from mmfusion.fusion.temporal import TemporalFusion

__all__ = ["ConcatFusion", "GatedFusion", "TemporalFusion"]
