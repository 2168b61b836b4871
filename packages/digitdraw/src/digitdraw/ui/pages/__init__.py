"""Pages that cover the board: the gallery, the help and dropped images."""
