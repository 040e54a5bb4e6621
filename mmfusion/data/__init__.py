"""From a manifest to batches: manifest, split, align, prepare, records, pipeline, preprocessor."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    align=["align"],
    augment=["Augmentation"],
    manifest=["iterate_manifest", "read_manifest", "write_manifest"],
    pipeline=["dataset"],
    prepare=["prepare", "prepare_clip"],
    preprocessor=["preprocessor"],
    records=["Records", "read_records"],
    split=["declared_split", "folds", "split"],
    synthetic=["CorpusSize", "make_corpus"],
    vocabulary=["sentences", "vocabulary"],
)
