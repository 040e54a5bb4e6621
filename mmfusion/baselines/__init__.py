"""What `features` and `baseline` are made of: families of features, scikit-learn's models."""
