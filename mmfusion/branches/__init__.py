"""One function for each way to turn one modality into features."""
