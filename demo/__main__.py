"""`python -m demo`: what `make run` calls."""

import sys

from demo.run import main

if __name__ == "__main__":
    sys.exit(main())
