"""The command line behind `make up`, `make stop`, `make test` and `make check`."""

import sys

from readiness.embedded import checks, product, suite
from readiness.embedded.processes import Trouble

COMMANDS = {
    "up": product.up,
    "stop": product.stop,
    "test": suite.test,
    "check": checks.check,
}


def main(words: list[str]) -> int:
    try:
        return COMMANDS[words[0]](words[1:])
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
