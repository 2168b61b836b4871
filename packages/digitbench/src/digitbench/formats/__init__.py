"""Other formats of recorded ink: importers and exporters, listed in `registry`."""
