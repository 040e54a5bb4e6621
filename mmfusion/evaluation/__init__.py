"""What a model scores, what each modality earns, and whether the score leaks."""
