"""Runs ``python -m digitnet``, which torchrun needs, as it starts modules."""

from digitnet.cli.main import main

if __name__ == "__main__":
    main()
