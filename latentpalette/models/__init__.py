"""The MusicVAE family in torch."""
