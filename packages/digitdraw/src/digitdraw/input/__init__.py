"""What the user does: the pointer's events as one pen, and the table of actions."""
