"""UNIPEN, the format of the UNIPEN project's handwriting data."""
