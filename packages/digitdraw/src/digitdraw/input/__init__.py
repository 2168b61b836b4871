"""Events to pen movements and actions."""
