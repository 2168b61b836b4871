"""Pages that cover the board: gallery, help, and pictures that were dropped."""
