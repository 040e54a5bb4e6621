"""One Keras layer for each way to bring modalities together."""
