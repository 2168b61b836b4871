"""What must hold of the app while a recording is replayed, and of its ink, besides the answer."""
