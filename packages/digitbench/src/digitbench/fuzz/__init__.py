"""Random sessions with the real app, compared with the reference app."""
