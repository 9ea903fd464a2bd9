"""Write docs/*.md as pages to build/docs; with `pictures`, take their pictures anew first."""

import sys

from tests.manual.pages import write_pages
from tests.manual.pictures import take_pictures


def main(words: list[str]) -> int:
    if "pictures" in words:
        take_pictures()
    faults = write_pages()
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
