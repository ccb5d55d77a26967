"""Notes become sound: SoundFonts, synthesisers, a sampled kit for the browser, and files to take away."""
