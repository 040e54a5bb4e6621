"""Scikit-learn's models on tables of hand-crafted features."""
