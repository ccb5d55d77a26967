"""The geometry of latent space: NumPy in, NumPy out."""
