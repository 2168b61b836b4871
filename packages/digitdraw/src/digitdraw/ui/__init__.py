"""The window: layout, theme, controls, and everything drawn around the ink."""
