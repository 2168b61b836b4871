"""Other formats of recorded ink, read and written."""
