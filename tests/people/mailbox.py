"""A mail server that keeps what it is given: enough of SMTP (RFC 5321) for one client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass
class Mailbox:
    """Letters in the order they came; ``refuses`` makes the server turn every letter away."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False


async def _serve(mailbox: Mailbox, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mailbox\r\n")
    while line := await reader.readline():
        verb = line.split(b" ")[0].strip().upper()
        if verb == b"RCPT" and mailbox.refuses:
            writer.write(b"550 nobody here\r\n")
        elif verb == b"DATA":
            writer.write(b"354 go on\r\n")
            text = (await reader.readuntil(b"\r\n.\r\n"))[:-5]
            letter = message_from_bytes(text, policy=default)
            assert isinstance(letter, EmailMessage)
            mailbox.letters.append(letter)
            writer.write(b"250 kept\r\n")
        elif verb == b"QUIT":
            writer.write(b"221 bye\r\n")
            break
        else:
            writer.write(b"250 mailbox\r\n")
    writer.close()


@asynccontextmanager
async def mail_server() -> AsyncIterator[Mailbox]:
    """A server on a free port of this machine."""
    mailbox = Mailbox()
    server = await asyncio.start_server(lambda *streams: _serve(mailbox, *streams), "127.0.0.1", 0)
    mailbox.port = server.sockets[0].getsockname()[1]
    async with server:
        yield mailbox
