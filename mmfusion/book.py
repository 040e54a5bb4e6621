"""The reference functions of the book."""
