"""From a manifest to batches: manifest, split, align, prepare, records, pipeline, preprocessor."""
