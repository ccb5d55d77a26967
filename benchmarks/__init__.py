"""How fast things are, and what was tried to make them so."""
