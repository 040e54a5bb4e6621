"""What network is built."""

import dataclasses

from mmfusion import defaults
from mmfusion.options.names import BranchName, FusionName, ScalingName, TowerName
from mmfusion.options.schema import ARRAYS, CLIPS, only_for


@dataclasses.dataclass(frozen=True, kw_only=True)
class Network:
    """Network.

    Args:
        branches: dict of modality to name. Networks of single modalities in place of the default
            ones, as audio=mel_cnn,video=conv3d.
        fusion: str. How modalities are fused.
        units: int. Width of branches and fusion.
        dropout: float. Share of features dropped in training, before the head.
        word_vectors: str. File of GloVe or word2vec vectors; Word2Vec is trained if not given.
        text_encoder: str. Folder of a BERT whose sentence vectors are read beside the words; the
            exported model carries it.
        towers: dict of modality to name. Frozen pretrained networks that read a modality, as
            video=efficientnet-lite0: frames and the changes between them. The exported model
            carries them; frames are not varied in training.
        scaling: str. How features are brought to one scale, fitted to the training part alone.
    """

    branches: dict[str, BranchName] = dataclasses.field(default_factory=dict)
    fusion: FusionName = defaults.FUSION
    units: int = defaults.UNITS
    dropout: float = defaults.DROPOUT
    word_vectors: str | None = None
    text_encoder: str | None = None
    towers: dict[str, TowerName] = only_for(CLIPS, default_factory=dict)
    scaling: ScalingName = only_for(ARRAYS, "z_score")
