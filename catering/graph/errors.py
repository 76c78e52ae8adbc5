"""Errors a client can expect: their French message says what to do, their code never changes."""

from typing import ClassVar


class ExpectedError(Exception):
    """A mistake or a limit the client can act upon; every other error is masked before it leaves the server."""

    code: ClassVar[str]

    @property
    def extensions(self) -> dict[str, str]:
        """What GraphQL puts beside the message of the error."""
        return {"code": self.code}


class SignInRequiredError(ExpectedError):
    """Nobody is signed in, and nothing is shown to nobody."""

    code = "SIGN_IN_REQUIRED"

    def __init__(self) -> None:
        super().__init__("Connexion requise : cette demande ne porte aucune identité. Se connecter, puis recommencer.")


class PageSizeError(ExpectedError):
    """More rows are asked for than a page holds, or fewer than one."""

    code = "PAGE_SIZE"

    def __init__(self, asked: int, most: int) -> None:
        super().__init__(
            f"first vaut {asked} : demander de 1 à {most} lignes, puis la suite avec after et pageInfo.endCursor."
        )


class BadCursorError(ExpectedError):
    """The cursor was not made by this list."""

    code = "BAD_CURSOR"

    def __init__(self) -> None:
        super().__init__("Le curseur after n'est pas un curseur de cette liste. Reprendre celui de pageInfo.endCursor.")


class BadDatesError(ExpectedError):
    """A period that ends before it starts, is too long, or a week that does not start on a Monday."""

    code = "BAD_DATES"


class BadArgumentError(ExpectedError):
    """An argument whose value cannot be used; the message names it."""

    code = "BAD_ARGUMENT"
