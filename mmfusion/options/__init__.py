"""What every command can be told: frozen dataclasses in groups, read without TensorFlow."""
