"""What a run folder tells of a model: figures, tables, calibration, model card."""
