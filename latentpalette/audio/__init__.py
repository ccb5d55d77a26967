"""Rendering of notes to sound: engines, SoundFonts, a sampled kit for the browser, and audio files."""
