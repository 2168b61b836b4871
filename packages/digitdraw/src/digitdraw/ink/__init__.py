"""Renders strokes to pixels."""
