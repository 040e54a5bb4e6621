"""Callbacks and what else fit needs."""
