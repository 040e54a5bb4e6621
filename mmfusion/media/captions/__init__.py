"""Readers of caption files, one file a family of formats."""
