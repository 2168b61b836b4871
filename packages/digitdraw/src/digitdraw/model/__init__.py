"""The document and what it is read as, as plain values: no pixels, no pygame."""
