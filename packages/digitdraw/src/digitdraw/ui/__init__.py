"""The window: layout, theme and everything drawn around the ink."""
