"""Layers that take the steps of any modality as input."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    delta_features=["DeltaFeatures"],
    feature_scaling=["FeatureScaling"],
    global_context=["GlobalContext"],
    group_context=["GroupContext"],
    learned_shift=["LearnedShift"],
    masked_average_pooling=["MaskedAveragePooling"],
    masked_rnn=["MaskedRNN"],
    per_step=["PerStep"],
    temporal_conv=["TemporalConv"],
    temporal_pyramid_pooling=["TemporalPyramidPooling"],
    transformer_block=["TransformerBlock"],
)
