"""The work of preparing, spread by Apache Beam over however many machines its runner has."""

from collections.abc import Callable, Sequence
from typing import Any


def with_beam(function: Callable, items: Sequence[Any], *, flags: Sequence[str] = ()) -> None:
    """Calls a function on each item in a Beam pipeline, and waits for the last.

    For `mm.data.prepare(..., run_all=with_beam)`: each item is a shard, decoded and written where
    the runner likes, in a folder that all machines share.

    Args:
        function: Function that can be pickled.
        items: List that can be pickled.
        flags: Sequence of str, Beam's own, as `["--runner=FlinkRunner"]`; this machine by default.

    Raises:
        ImportError: if the extra `beam` is not installed.
    """
    try:
        import apache_beam
    except ImportError as error:
        raise ImportError("Beam is missing: pip install 'mmfusion[beam]'") from error
    options = apache_beam.options.pipeline_options.PipelineOptions(list(flags))
    with apache_beam.Pipeline(options=options) as pipeline:
        steps = pipeline | apache_beam.Create(items) | apache_beam.Reshuffle()
        _ = steps | apache_beam.Map(function)
