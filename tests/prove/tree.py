"""The product as `make up` runs it, with somebody who starts again what was killed."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from readiness.embedded.house import ROOT
from readiness.embedded.processes import Child, Trouble
from readiness.embedded.product import Product, listen_for_the_end
from readiness.embedded.throwaway import sweep

STATE = ROOT / ".state" / "prove"


class Tree(Product):
    """Engines that keep their word, web, worker and beat: each comes back when it dies."""

    def __init__(self, state: Path) -> None:
        super().__init__(state)
        self.commands: dict[str, tuple[list[str], bool]] = {}

    def run_python(self, name: str, command: list[str], *, door: bool = False) -> None:
        self.commands[name] = command, door
        super().run_python(name, command, door=door)

    def named(self, name: str) -> list[Child]:
        """The running children whose name begins so."""
        everybody = [*self.children, *self.engines.children]
        return [child for child in everybody if child.name.startswith(name)]

    def tend(self) -> None:
        """Start again what is dead, after sweeping away what it left behind."""
        for child in [child for child in self.children if child.is_dead]:
            child.stop()
            self.children.remove(child)
            command, door = self.commands[child.name]
            self.run_python(child.name, command, door=door)
        for number, server in enumerate(self.engines.servers):
            if self.engines.children[number].is_dead:
                self.engines.children[number].stop()
                try:
                    self.engines.children[number] = server.start()
                except Trouble:
                    continue  # what the killed one left is still going away: the next time


@contextmanager
def planted() -> Iterator[Tree]:
    """A tree in a folder of its own, with its tables made; all of it goes in the end."""
    for name in [name for name in os.environ if name.startswith("READINESS_")]:
        del os.environ[name]
    STATE.mkdir(parents=True, exist_ok=True)
    sweep(STATE)
    tree = Tree(Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=STATE)))
    try:
        tree.lay_ground()
        yield tree
    finally:
        listen_for_the_end(signal.SIG_IGN)
        tree.close()
        shutil.rmtree(tree.state, ignore_errors=True)
        shutil.rmtree(tree.engines.run, ignore_errors=True)
