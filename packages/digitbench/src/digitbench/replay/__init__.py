"""One recording, replayed through the app as real SDL events."""
