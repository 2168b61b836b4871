"""Files: saved drawings, the library of them, and settings."""
