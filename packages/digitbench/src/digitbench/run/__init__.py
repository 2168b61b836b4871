"""Many recordings: which to replay, in how many processes, and whether they pass."""
