"""A minimal SMTP server on loopback, for tests over a real socket."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Taken:
    """Envelope and text of each mail of one connection."""

    sender: str
    recipients: list[str]
    text: bytes


@dataclass
class MailServer:
    port: int = 0
    connections: int = 0
    mails: list[Taken] = field(default_factory=list)
    # Recipients refused with 550.
    unknown: set[str] = field(default_factory=set)
    # Number of mails after which it hangs up without an answer. None: never.
    hang_up_after: int | None = None


def _handler(server: MailServer) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            server.connections += 1
            self._say("220 test")
            sender, recipients = "", list[str]()
            while line := self.rfile.readline():
                verb, _, rest = line.decode().strip().partition(" ")
                address = rest.partition("<")[2].partition(">")[0]
                match verb.upper():
                    case "MAIL":
                        sender, recipients = address, []
                        self._say("250 ok")
                    case "RCPT" if address in server.unknown:
                        self._say("550 no such person")
                    case "RCPT":
                        recipients.append(address)
                        self._say("250 ok")
                    case "DATA":
                        self._say("354 go on")
                        text = b""
                        while not text.endswith(b"\r\n.\r\n"):
                            text += self.rfile.readline()
                        if server.hang_up_after is not None and len(server.mails) >= server.hang_up_after:
                            return
                        server.mails.append(Taken(sender, recipients, text[:-5]))
                        self._say("250 taken")
                    case "QUIT":
                        self._say("221 bye")
                        return
                    case _:
                        self._say("250 ok")

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    return Handler


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a server on a free port, its ``port``."""
    server = MailServer()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _handler(server)) as listening:
        listening.daemon_threads = True
        server.port = listening.server_address[1]
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()
