"""SoundFont files: find one, read it, look up its sounds."""
