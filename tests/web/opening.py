"""What a test opens: an address, as whom, and what it must show."""

from dataclasses import dataclass

from catering.people.viewer import Role


@dataclass(frozen=True, slots=True)
class Example:
    """One address of a page. ``role`` None is somebody without an account."""

    path: str
    role: Role | None
    shows: tuple[str, ...]
