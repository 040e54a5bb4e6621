"""What tells words that were spoken from those that a recogniser makes of other sound."""

from collections.abc import Sequence

from mmfusion.pretrained.moonshine import Decoded

LEAST_LOG_PROBABILITY = (
    -1.0
)  # 1 in 100 of GRID's clips is below it, as is some speech in other languages
SURE_LOG_PROBABILITY = -0.5  # of GRID's clips below it 4 in 10 words are wrong
MARKS = "\u266a\u266b\u00a9"  # notes and copyright, learned from captions of music
LONGEST_PERIOD = 8
FEWEST_ROUNDS, FEWEST_REPEATED = 3, 8


def is_plausible(decoded: Decoded) -> bool:
    """Whether what was decoded can be speech.

    It cannot where it goes round in circles or does not end within the tokens that its time has
    room for, where it holds notes of music or no letter, or where the network itself finds it too
    unlikely.

    Args:
        decoded: Decoded.

    Returns:
        bool.

    Example:

    >>> is_plausible(Decoded("Good dogs", (7, 8), -0.1, True))
    True
    >>> is_plausible(Decoded("You", (9,), -1.3, True))
    False
    """
    return (
        decoded.finished
        and decoded.log_probability >= LEAST_LOG_PROBABILITY
        and any(letter.isalnum() for letter in decoded.text)
        and not set(decoded.text) & set(MARKS)
        and not goes_round(decoded.tokens)
    )


def goes_round(tokens: Sequence[int]) -> bool:
    """Whether a run of up to eight tokens is repeated, three times and over eight tokens or more.

    Args:
        tokens: sequence of int.

    Returns:
        bool.

    Example:

    >>> goes_round([5, 1, 2, 3, 1, 2, 3, 1, 2, 3, 6]), goes_round([1, 2, 1, 2, 1, 2])
    (True, False)
    """
    for period in range(1, LONGEST_PERIOD + 1):
        most = max(FEWEST_ROUNDS * period, FEWEST_REPEATED)
        run = period
        for at in range(period, len(tokens)):
            run = run + 1 if tokens[at] == tokens[at - period] else period
            if run >= most:
                return True
    return False
