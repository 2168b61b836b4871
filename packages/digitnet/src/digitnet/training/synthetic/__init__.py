"""Ink made by a program: plain digits, shapes that are not digits, and stroke styles.

Everything is paths in units of about half the ink's size, and all randomness comes from a generator
that the caller passes.
"""
