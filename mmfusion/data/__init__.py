"""From a manifest to batches: manifest, split, align, prepare, records, pipeline, preprocessor."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    align=["align"],
    augmentation=["Augmentation"],
    clip_features=["ClipFeatures", "clip_features"],
    content=["content_key"],
    corpus_size=["CorpusSize"],
    encode_sentences=["encode_sentences"],
    feature_store=["FeatureStore", "open_store", "read_features"],
    feature_table=["FeatureTable"],
    manifest=["iterate_manifest", "read_columns", "read_manifest", "write_manifest"],
    pipeline=["dataset"],
    prepare=["prepare", "prepare_clip"],
    preprocessor=["preprocessor"],
    presence_weights=["presence_weights"],
    reading=["Reading"],
    records=["Records", "read_records"],
    service=["dispatcher", "served_dataset", "worker"],
    split=["declared_split", "folds", "split"],
    split_report=["leaks", "split_report"],
    synthetic=["make_corpus"],
    time_grid=["fit_spec"],
    vocabulary=["sentences", "vocabulary"],
    with_beam=["with_beam"],
)
