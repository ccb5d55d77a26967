"""From MIDI files to a corpus, and from a corpus to batches. Knows no model."""
