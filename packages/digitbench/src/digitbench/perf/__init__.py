"""Measurements of speed and memory, which ``digitbench perf`` prints."""
