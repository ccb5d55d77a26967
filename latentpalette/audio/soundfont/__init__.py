"""SoundFont files: where to find one, how to read it, what it says of a note."""
