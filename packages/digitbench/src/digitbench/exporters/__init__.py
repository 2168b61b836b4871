"""Drawings to other formats of recorded ink."""
