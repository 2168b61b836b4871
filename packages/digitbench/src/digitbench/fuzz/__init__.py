"""Random sessions at the real app, held against a simple model of what each must come to."""
