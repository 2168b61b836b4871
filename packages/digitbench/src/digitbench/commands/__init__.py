"""The subcommands of ``digitbench``, one file each."""
