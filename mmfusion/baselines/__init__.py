"""What `features` and `baseline` are made of: feature sets, scikit-learn's models."""
