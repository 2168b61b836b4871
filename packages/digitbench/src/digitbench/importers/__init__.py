"""Other formats of recorded ink to drawings."""
