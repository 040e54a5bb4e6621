"""One file is one job of the book, end to end: an Options dataclass and run(options)."""
