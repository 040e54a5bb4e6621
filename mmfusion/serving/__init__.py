"""SavedModels that carry their own preprocessing, and the Predictor that calls them."""
