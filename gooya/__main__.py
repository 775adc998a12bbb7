"""``gooya`` and ``python -m gooya``: the command line, or a clear word where a data file is broken."""

from __future__ import annotations

import sys

from gooya.cli import main as run


def main() -> None:
    """Run the command line. The catalogue and the messages are read when a command is imported."""
    try:
        run()
    except Exception as error:
        if type(error).__name__ not in ("CatalogueError", "MessageSyntaxError"):
            raise
        sys.exit(f"gooya: {error}")


if __name__ == "__main__":
    main()
