"""Strokes to the pixels of the board."""
