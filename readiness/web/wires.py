"""Connections that can be hung up on from outside, whatever they wait for.

Time limits of sockets are per read, and a server that sends a byte a second passes them all.
"""

import socket


class Wire:
    """To be mixed into a client that closes itself: `wire` is a duplicate of its socket.

    Hanging up works on the duplicate, so that it also ends a TLS handshake.
    """

    wire: socket.socket | None = None
    is_hung_up = False

    def hang_up(self) -> None:
        self.is_hung_up = True
        if self.wire is not None:
            try:
                self.wire.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # the other side was quicker

    def close(self) -> None:
        super().close()  # type: ignore[misc]
        if self.wire is not None:
            self.wire.close()
            self.wire = None
