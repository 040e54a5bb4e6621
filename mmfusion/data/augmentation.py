"""How far training data are varied at random: the settings, which need no TensorFlow."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Augmentation:
    """Augmentation of training data; zero turns one off.

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
        modality_dropout: float. Chance of a modality to be taken away, and a third of it from a
            sequence of arrays, which is many rows; one always stays.
        jitter_steps: int. The most steps that all modalities begin earlier or later, together.
        feature_noise: float. Standard deviation of what is added to each feature of a recording.
        sequence_noise: float. Of the rows of sequences, in standard deviations of each feature,
            times the square root of how many features a row has: a row alone is not enough, nor
            is a modality whose features were fitted to these very labels.
        feature_gain: float. Standard deviation of what each feature of a recording is multiplied
            by, around 1.
        warp: float. Largest relative change of speed within a recording of features.
        image_shift: float. Largest share of height and width that images of arrays are moved by.
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
    feature_noise: float = 0.1
    sequence_noise: float = 0.4
    feature_gain: float = 0.1
    warp: float = 0.2
    image_shift: float = 0.1
