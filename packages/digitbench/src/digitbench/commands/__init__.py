"""The commands of ``digitbench``, a file each."""
