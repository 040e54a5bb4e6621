"""The one table of defaults: models, training and every command take theirs from here."""

from typing import Final

FUSION: Final = "decision"
UNITS = 64  # width D of branches and fusion
DROPOUT = 0.3
EPOCHS = 30
PATIENCE = 30  # epochs without a better loss
BATCH_SIZE = 16  # clips, or sequences
BATCH_ROWS = 32  # rows of features, which are small
LEARNING_RATE = 2e-3
WARMUP = 0.1  # share of the steps
WEIGHT_DECAY = 1e-2
CLIP_NORM = 1.0
SIZE_PX = 112
SAMPLE_RATE_HZ = 16_000
