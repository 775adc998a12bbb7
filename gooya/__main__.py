"""``gooya`` and ``python -m gooya``: the command line, or a clear word where a data file is broken."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line. The catalogue and the messages are read on the way in."""
    try:
        from gooya.cli import main as run
    except Exception as error:
        if type(error).__name__ not in ("CatalogueError", "MessageSyntaxError"):
            raise
        sys.exit(f"gooya: {error}")
    run()


if __name__ == "__main__":
    main()
