"""An independent model of the app and its board, to compare the real ones with."""
