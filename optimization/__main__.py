"""Command line: ``python -m optimization solve FILE`` and ``check FILE SOLUTION``."""

import sys

from optimization.formats.command import main

if __name__ == "__main__":
    sys.exit(main())
