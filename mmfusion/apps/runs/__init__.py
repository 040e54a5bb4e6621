"""What `train`, and all that trains through it, is made of."""
