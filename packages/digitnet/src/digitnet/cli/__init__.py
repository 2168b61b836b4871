"""The command ``digitnet``, with one file for each subcommand."""
