"""From a manifest to batches: manifest, split, align, prepare, records, pipeline, preprocessor."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    align=["align"],
    augment=["Augmentation"],
    balance=["balance", "shared"],
    clip_features=["ClipFeatures", "Reading", "clip_features"],
    content=["content_key"],
    feature_store=["FeatureStore"],
    feature_table=["FeatureTable"],
    manifest=["iterate_manifest", "read_columns", "read_manifest", "write_manifest"],
    pipeline=["dataset"],
    prepare=["prepare", "prepare_clip"],
    preprocessor=["preprocessor"],
    records=["Records", "read_records"],
    service=["dispatcher", "served_dataset", "worker"],
    split=["declared_split", "folds", "split"],
    store=["open_store", "read_features"],
    synthetic=["CorpusSize", "make_corpus"],
    vocabulary=["sentences", "vocabulary"],
    with_beam=["with_beam"],
)
