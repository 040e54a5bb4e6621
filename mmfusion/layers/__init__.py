"""Keras layers that are neither a branch nor a fusion."""
