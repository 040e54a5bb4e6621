"""An exported model that can be called on a file or on arrays."""

import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from mmfusion.data.align import align
from mmfusion.media.captions.suffixes import CAPTION_SUFFIXES
from mmfusion.media.sandbox import sandboxed_map
from mmfusion.serving.arrays import completed
from mmfusion.serving.card import read_card
from mmfusion.serving.graph_ops import SIGNATURE, check_graph
from mmfusion.serving.versions import newest
from mmfusion.specs import Clip, ClipSpec, scope_name

AUDIO_SUFFIXES = (".aac", ".aif", ".aiff", ".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav")


class Predictor:
    """A SavedModel written by `mm.serving.export`, checked whole and ready to be called.

    It needs neither Keras nor the code that built the model.

    Args:
        path: Path of a version folder, of a folder of versions, whose newest is taken, or of a run
            folder with an `export`.
        trust: bool. Whether the graph may write files or run Python; by default such a one is
            refused before it is loaded.

    Attributes:
        path: Path of the version folder.
        card: dict, what `card.json` says.
        classes: tuple of str.
        spec: ClipSpec, or None if the model was exported without one.

    Raises:
        FileNotFoundError: if there is no exported model.
        ImportError: if it reads words by a package that is not installed.
        ValueError: if the model is not one of ours, is torn, is of another format, or has
            operations that it is not trusted with.

    Example:

    >>> import tempfile
    >>> spec = mm.ClipSpec(steps=2, modalities=("text",))
    >>> prep = mm.data.preprocessor(spec, vocabulary=["hello"])
    >>> model = mm.models.classifier(spec, classes=2)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     version = mm.serving.export(folder, prep, model, classes=["fight", "normal"], spec=spec)
    ...     predictor = Predictor(folder)
    >>> predictor.batch({"text": [["hello you", ""]]}).shape
    (1, 2)
    >>> predictor.classes
    ('fight', 'normal')
    """

    def __init__(self, path: str | Path, *, trust: bool = False) -> None:
        self.path = newest(path)
        self.card = read_card(self.path)
        self.classes = tuple(self.card["classes"])
        self.spec = ClipSpec.from_dict(self.card["spec"]) if self.card["spec"] else None
        check_graph(self.path, self.card, trust=trust)
        _import_packages(self.card, self.path)
        try:
            self._model = tf.saved_model.load(str(self.path))
        except Exception as error:  # whatever a foreign graph makes TensorFlow raise
            reason = str(error).splitlines()[0]
            raise ValueError(
                f"{self.path}: TensorFlow cannot load it. Received: {reason}"
            ) from error
        self._serve = self._model.signatures[SIGNATURE]

    def __call__(
        self,
        source: str | Path | Sequence[str | Path],
        *,
        text: str | None = None,
        transcript: str | Path | None = None,
    ) -> dict[str, float] | list[dict[str, float]]:
        """Scores one file or several.

        Args:
            source: Path of a video, audio or caption file, or a list of such paths.
            text: str. Words without times that go with it.
            transcript: Path of words that go with it.

        Returns:
            dict of class to probability, likeliest first; for a list, a list of such dicts.

        Raises:
            DecodeError: if a file cannot be read.
            ValueError: if words are passed to a model that takes none.
        """
        several = isinstance(source, list | tuple)
        paths: Any = source if several else [source]
        found = []
        for _, scores in self.files(paths, text, transcript):
            if isinstance(scores, Exception):
                raise scores
            found.append(scores)
        return found if several else found[0]

    def files(
        self,
        paths: Sequence[str | Path],
        text: str | None = None,
        transcript: str | Path | None = None,
        *,
        workers: int = 1,
    ) -> Iterator[tuple[str | Path, dict[str, float] | Exception]]:
        """Scores files; one that cannot be read does not stop the rest.

        Args:
            paths: Sequence of paths of video, audio or caption files.
            text: str. Words without times that go with each.
            transcript: Path of words that go with each.
            workers: int. Child processes that decode.

        Yields:
            Tuple of the path and what `clips` returns for it.

        Raises:
            ValueError: if words are passed to a model that takes none.
        """
        if (text or transcript) and "text" not in self.card["modalities"]:
            raise ValueError(
                f"{self.path} takes no words, only {self.card['modalities']}. "
                f"Received: text={text!r}, transcript={transcript!r}"
            )
        clips = [_clip(Path(path), text, transcript) for path in paths]
        for path, (_, scores) in zip(paths, self.clips(clips, workers=workers), strict=True):
            yield path, scores

    def clips(
        self, clips: Iterable[Clip], *, workers: int = 1
    ) -> Iterator[tuple[Clip, dict[str, float] | Exception]]:
        """Scores clips, decoding them in child processes with limits.

        Args:
            clips: Iterable of Clip.
            workers: int. Child processes.

        Yields:
            Tuple of the clip and a dict of class to probability, likeliest first, or the
            `DecodeError` that says why it could not be read.

        Raises:
            ValueError: if the model was exported without a spec.
        """
        if self.spec is None:
            raise ValueError(
                f"{self.path} was exported without a `spec`: only arrays can be scored"
            )
        read, named = itertools.tee(clips)
        decode = functools.partial(align, spec=self.spec)
        for clip, (_, result) in zip(
            named, sandboxed_map(decode, read, workers=workers, item_bytes=None), strict=True
        ):
            if isinstance(result, Exception):
                yield clip, result
                continue
            aligned, _ = result
            batch = {name: value[None] for name, value in aligned.items()}
            yield clip, self._named(self.batch(batch, cleaned=True)[0])

    def batch(self, aligned: Mapping[str, np.ndarray], *, cleaned: bool = False) -> np.ndarray:
        """Scores arrays.

        Args:
            aligned: dict of arrays by the names in `card["inputs"]`, all with the same batch
                dimension B. A modality that is left out is absent; one without its mask is there in
                every step.
            cleaned: bool. Whether the steps of `card["cleaning"]["before"]` are done, as
                `mm.data.align` does them.

        Returns:
            float32 array `(B, K)` in the order of `classes`.

        Raises:
            ValueError: if an array is unknown, has the wrong shape or dtype, or holds NaN or
                infinite numbers where it is present; the error names the input and the row. Or if
                it has to be cleaned first.
        """
        steps = (self.card.get("cleaning") or {}).get("before", [])
        if todo := [step for step in steps if step.partition(".")[0] in aligned and not cleaned]:
            raise ValueError(
                f"{self.path} was trained on clips cleaned by {todo}, which its graph cannot do: "
                "clean them as `mm.data.align` does, then pass `cleaned=True`. Received: "
                f"cleaned={cleaned}"
            )
        tensors = completed(aligned, self.card["inputs"])
        tensors = {scope_name(name): tensor for name, tensor in tensors.items()}
        return self._serve(**tensors)["probabilities"].numpy()

    def _named(self, probabilities):
        order = np.argsort(-probabilities, kind="stable")
        return {self.classes[k]: float(probabilities[k]) for k in order}


def _import_packages(card, path):
    """Imports what registers the operations of the graph, where the card says that it has such."""
    if "tensorflow_text" in (card.get("packages") or ()):
        try:
            import tensorflow_text  # noqa: F401
        except ImportError as error:
            raise ImportError(f"{path} needs a package: pip install 'mmfusion[bert]'") from error


def _clip(path, text, transcript):
    """A file as a clip: its suffix shows audio and words, anything else is video."""
    suffix = path.suffix.lower()
    if suffix in CAPTION_SUFFIXES:
        return Clip(str(path), transcript=path, text=text)
    files = {"audio" if suffix in AUDIO_SUFFIXES else "video": path}
    return Clip(str(path), **files, text=text, transcript=transcript and Path(transcript))
