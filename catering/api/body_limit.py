"""Bodies of the API are read no further than an operation may need."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from catering.refusal import Refusal


class BodyTooLarge(Refusal):
    """A body is larger than what its address takes; reading stopped there."""

    def __init__(self, most: int) -> None:
        super().__init__(f"Demande trop longue : {most} octets au plus. L'envoyer en plusieurs fois.")


class LimitBodies:
    """Refuses a body of more than ``most`` bytes sent to ``path``, whether or not its length is stated first."""

    def __init__(self, app: ASGIApp, path: str, most: int) -> None:
        self.app = app
        self.path = path
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its body counted as it comes."""
        if scope["type"] != "http" or scope["path"] != self.path:
            await self.app(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.most:
                raise BodyTooLarge(self.most)
            return message

        await self.app(scope, counted, send)
