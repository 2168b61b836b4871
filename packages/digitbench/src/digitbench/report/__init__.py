"""Reports of a run: a table for the terminal, and files for people and programs."""
