"""Measurements of speed and memory for ``digitbench perf``."""
