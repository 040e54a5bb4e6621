"""The same jobs on corpora that come as arrays of features."""
