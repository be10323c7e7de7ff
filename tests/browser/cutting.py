"""A line to the server that breaks: after so many bytes everything that is open on it is cut."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

CHUNK = 256 * 1024
_RESET = struct.pack("ii", 1, 0)


class Line:
    """Passes bytes between a port of its own and the server's; ``cuts`` says after how many bytes it breaks."""

    def __init__(self, port: int, cuts: list[int]) -> None:
        self.server = port
        self.cuts = sorted(cuts)
        self.done = 0
        self.passed = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Nobody comes in any more, and who is there is cut."""
        self._listener.close()
        self._cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                server = socket.create_connection(("127.0.0.1", self.server))
                with self._lock:
                    self._open |= {client, server}
                for source, target, counted in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._pass, args=(source, target, counted), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        try:
            while piece := source.recv(CHUNK):
                target.sendall(piece)
                if counted and self._count(len(piece)):
                    self._cut()
                    return
            target.shutdown(socket.SHUT_WR)
        except OSError:
            # A server that refuses a piece closes before it has read it: the sender must hear of it.
            self._close(source, target)

    def _count(self, bytes_sent: int) -> bool:
        with self._lock:
            self.passed += bytes_sent
            if self.done < len(self.cuts) and self.passed >= self.cuts[self.done]:
                self.done += 1
                return True
            return False

    def _cut(self) -> None:
        with self._lock:
            cut, self._open = self._open, set()
        self._close(*cut)

    @staticmethod
    def _close(*cut: socket.socket) -> None:
        for one in cut:
            with contextlib.suppress(OSError):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                one.shutdown(socket.SHUT_RDWR)
                one.close()
