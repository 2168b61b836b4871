"""What the pytest plugin does once a test uses it; until then, none of it is imported."""
