"""Symbolic music: notes, MIDI files, tempo, drum maps, chords, features. No torch, no sound."""
