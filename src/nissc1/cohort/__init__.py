"""Data releases: their schema, how they are loaded, and how they are checked."""
