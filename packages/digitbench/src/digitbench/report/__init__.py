"""Results to something to read: a table for people, JSON for programs."""
