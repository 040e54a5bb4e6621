"""Which frames to take and which packets to decode for them: the cheapest within half a step."""

from collections.abc import Callable

import numpy as np

EPSILON_S = 1e-6  # timestamps are rounded
SLIDE_S = 0.2  # what is shown longer is a slide rather than a step of a movement
LEAP_FRAMES = 8  # a keyframe is taken instead of a nearer frame when it saves this many others

INDEXED_GAP_S, BLIND_GAP_S = 1.0, 10.0  # wanted times further apart are worth a seek
GROUP_S = 30.0  # what is read in one go


def group_times(wanted_s: np.ndarray, keyframe_before: Callable[[float], int]) -> list[np.ndarray]:
    """Cuts wanted times into runs that are read in one go, with a seek to each.

    Args:
        wanted_s: float array (T,), ascending.
        keyframe_before: callable of a time that returns the number of the last keyframe
            before it, or a negative number if the file does not say.

    Returns:
        list of int arrays, the indices of each run.

    Example:

    >>> group_times(np.array([0.0, 0.1, 60.0]), lambda time_s: -1)
    [array([0, 1]), array([2])]
    """
    cuts: list[int] = []
    for i in range(1, len(wanted_s)):
        before_s, now_s = wanted_s[i - 1 : i + 1]
        apart = now_s - before_s > INDEXED_GAP_S
        if apart and (head := keyframe_before(now_s)) >= 0:
            apart = head != keyframe_before(before_s)
        elif apart:
            apart = now_s - before_s > BLIND_GAP_S
        if apart or now_s - wanted_s[cuts[-1] if cuts else 0] > GROUP_S:
            cuts.append(i)
    return np.split(np.arange(len(wanted_s)), cuts) if len(wanted_s) else []


def choose(
    times_s: np.ndarray,
    keys: np.ndarray,
    references: np.ndarray,
    wanted_s: np.ndarray,
    *,
    tolerance_s: float,
) -> np.ndarray:
    """Picks a packet for each wanted time.

    That is the frame on screen: the last that is shown by then, the first if none is. Where that
    one is no slide and is shown no longer than twice the tolerance, the nearest frame that others
    refer to is taken if it is within the tolerance (it has to be decoded anyway), else the nearest
    of all; and where every pick of a group of frames may as well be a keyframe, and much decoding
    is saved, keyframes are taken.

    Args:
        times_s: float array (N,). Time of each packet's frame, in the order of decoding.
        keys: bool array (N,). True where decoding can start; the first is True.
        references: bool array (N,). False for frames that no other refers to.
        wanted_s: float array (T,). Times asked for.
        tolerance_s: float. How far a frame may lie from the time asked for, if there is a choice.
            0 takes the frame on screen.

    Returns:
        int array (T,). Index of the packet of each wanted time.

    Example:

    >>> times_s = np.array([0.0, 0.2, 0.1, 0.4, 0.3])
    >>> keys, references = np.arange(5) == 0, np.array([1, 1, 0, 1, 0], bool)
    >>> choose(times_s, keys, references, np.array([0.12, 0.3]), tolerance_s=0.1)
    array([1, 1])
    >>> choose(times_s, keys, references, np.array([0.12, 0.3]), tolerance_s=0.0)
    array([2, 4])
    """
    picks, lasts_s = _on_screen(times_s, wanted_s)
    if not tolerance_s:
        return picks
    brief = lasts_s <= min(2 * tolerance_s, SLIDE_S) + EPSILON_S
    cheap = _nearest(times_s, np.flatnonzero(references | keys), wanted_s)
    near = np.abs(times_s[cheap] - wanted_s) <= tolerance_s
    nearest = np.where(near, cheap, _nearest(times_s, np.arange(len(times_s)), wanted_s))
    picks = np.where(brief, nearest, picks)
    key_picks = _nearest(times_s, np.flatnonzero(keys), wanted_s)
    allowed = brief & (np.abs(times_s[key_picks] - wanted_s) <= tolerance_s)
    starts = _starts(times_s, keys)[picks]
    for start in np.unique(starts):
        members = starts == start
        cost = np.count_nonzero(references[start : picks[members].max()])
        if allowed[members].all() and cost >= LEAP_FRAMES:
            picks[members] = key_picks[members]
    return picks


def route(
    times_s: np.ndarray, keys: np.ndarray, references: np.ndarray, picks: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Lists the packets to decode so that every picked frame comes out right.

    Args:
        times_s: float array (N,), as for `choose`.
        keys: bool array (N,), as for `choose`.
        references: bool array (N,), as for `choose`.
        picks: int array (T,), as `choose` returns it.

    Returns:
        int array, the packets in the order of decoding; and bool array of the same length, True
        where the decoder must start afresh because packets before were left out.

    Example:

    >>> times_s = np.array([0.0, 0.2, 0.1, 0.3, 0.5, 0.4])
    >>> keys = np.array([1, 0, 0, 1, 0, 0], bool)
    >>> references = np.array([1, 1, 0, 1, 1, 0], bool)
    >>> route(times_s, keys, references, np.array([0, 5]))
    (array([0, 3, 4, 5]), array([ True,  True, False, False]))
    """
    needed = np.zeros(len(times_s), bool)
    starts = _starts(times_s, keys)
    for pick in np.unique(picks):
        needed[starts[pick] : pick] |= references[starts[pick] : pick]
    needed[picks] = True
    order = np.flatnonzero(needed)
    left_out = np.cumsum(references & ~needed)[order]  # references that the decoder never saw
    fresh = keys[order] & (np.diff(left_out, prepend=-1) > 0)
    return order, fresh


def _on_screen(times_s, wanted_s):
    """The index of the frame shown at each wanted time, and for how long it is shown."""
    order = np.argsort(times_s, kind="stable")
    ranks = np.searchsorted(times_s[order], wanted_s + EPSILON_S, side="right") - 1
    ranks = np.maximum(ranks, 0)
    lasts_s = np.diff(times_s[order], append=np.inf)
    if len(order) > 1:
        lasts_s[-1] = lasts_s[-2]  # of the last one nothing is known
    return order[ranks], lasts_s[ranks]


def _nearest(times_s, among, wanted_s):
    """The index, of those `among`, whose time is nearest to each wanted time; the earlier wins."""
    among = among[np.argsort(times_s[among], kind="stable")]
    middles_s = (times_s[among][1:] + times_s[among][:-1]) / 2
    return among[np.searchsorted(middles_s, wanted_s, side="left")]


def _starts(times_s, keys):
    """Where decoding starts for each packet: its keyframe, or the one before if shown before it."""
    heads = np.flatnonzero(keys)
    group = np.maximum(np.cumsum(keys) - 1, 0)
    leading = times_s < times_s[heads[group]]
    return heads[np.maximum(group - leading, 0)]
