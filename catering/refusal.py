"""Why the platform says no: every room's reasons are subclasses, their messages say in French what to do."""


class Refusal(Exception):  # noqa: N818 - named for what they are: answers, not crashes
    """A request that cannot be met as asked. Nothing of it is kept."""


class NotAllowed(Refusal):
    """The viewer's role may not do this."""
