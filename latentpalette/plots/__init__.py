"""Pictures of music: piano rolls to explore, and stills of them and of palettes."""
