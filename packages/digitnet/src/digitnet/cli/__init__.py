"""The command ``digitnet``, one file for each subcommand."""
