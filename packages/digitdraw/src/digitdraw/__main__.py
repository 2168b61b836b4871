"""The command ``digitdraw``, and ``python -m digitdraw``."""

from typing import NoReturn

from digitdraw.startup import import_pygame


def main() -> NoReturn:
    """Run the command line."""
    import_pygame()
    from digitdraw import cli  # imports pygame too, as do most of the app's modules

    cli.main()


if __name__ == "__main__":
    main()
