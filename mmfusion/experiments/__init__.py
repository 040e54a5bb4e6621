"""What the commands share, whatever a corpus holds: corpora, splits, fitting, measuring."""
