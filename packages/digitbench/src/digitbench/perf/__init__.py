"""How fast all of it is, and how much memory it takes; `digitbench.perf.cli` is the command."""
