"""Training: corpora, augmentation, the objective, the trainer, and judging what was learned."""
