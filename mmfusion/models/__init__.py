"""Functions that return a plain keras.Model."""
