"""Ink made by program: plain digits, shapes that are not digits, and stroke styles."""
