"""`python -m registrary`: the command line."""

import sys

from registrary.cli import main

if __name__ == "__main__":
    sys.exit(main())
