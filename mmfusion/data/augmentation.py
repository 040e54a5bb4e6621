"""How far training data are varied at random: the settings, which need no TensorFlow."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Augmentation:
    """How far training clips are varied. Zero turns a variation off.

    Args:
        crop: float. The largest share of height and width that a crop takes away.
        flip: float. Chance of mirroring left and right.
        rotation_deg: float. Largest rotation to either side.
        colour: float. Largest relative change of brightness, contrast and saturation.
        gain_db: float. Largest change of loudness to either side.
        noise_db: float. Signal-to-noise ratio of the loudest white noise; that of a clip is drawn
            between it and 30 dB, and one clip in four stays clean. `None` for none.
        shift_s: float. Largest shift of the audio to either side, in seconds.
        mel_bins: int. SpecAugment's widest band.
        mel_frames: int. SpecAugment's longest stretch.
        word_dropout: float. Chance of a word to become the unknown word.
        modality_dropout: float. Chance of a modality to be taken away; one always stays.
        jitter_steps: int. The most steps that all modalities begin earlier or later, together.
    """

    crop: float = 0.15
    flip: float = 0.5
    rotation_deg: float = 5.0
    colour: float = 0.15
    gain_db: float = 6.0
    noise_db: float | None = None
    shift_s: float = 0.05
    mel_bins: int = 8
    mel_frames: int = 12
    word_dropout: float = 0.1
    modality_dropout: float = 0.3
    jitter_steps: int = 0


@dataclasses.dataclass(frozen=True)
class FeatureAugmentation:
    """How far training arrays are varied. Zero turns a variation off.

    Args:
        noise: float. Standard deviation of what is added to each number of a recording.
        sequence_noise: float. Of the rows of sequences, in standard deviations of each feature,
            times the square root of how many features a row has: a row alone is not enough, nor
            is a modality whose features were fitted to these very labels.
        gain: float. Standard deviation of what each feature of a clip is multiplied by, around 1.
        warp: float. Largest relative change of speed within a clip.
        shift: float. Largest share of height and width that images are moved by.
        modality_dropout: float. Chance of a modality to be taken away from a clip, and a third of
            it from a sequence, which is many rows; one always stays.
    """

    noise: float = 0.1
    sequence_noise: float = 0.4
    gain: float = 0.1
    warp: float = 0.2
    shift: float = 0.1
    modality_dropout: float = 0.3
