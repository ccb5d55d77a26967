"""Progress of work that takes over a second, in notebooks and terminals."""
