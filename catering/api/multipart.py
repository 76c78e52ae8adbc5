"""Reading multipart forms: a file that is too long is left out, what was typed beside it is kept."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a form is taken, in bytes: of each file, of all files together, of the body before it is cut off."""

    each: int
    together: int
    read: int


class BoundedParser(MultiPartParser):
    """A parser that stores no byte of a file beyond its bounds; ``left_out`` names the fields of those files."""

    def __init__(
        self,
        headers: Headers,
        stream: AsyncGenerator[bytes, None],
        bounds: Bounds,
        *,
        max_files: int,
        max_fields: int,
    ) -> None:
        super().__init__(headers, stream, max_files=max_files, max_fields=max_fields)
        self._bounds = bounds
        self._of_this = 0
        self._stored = 0
        self.left_out: dict[str, int] = {}
        """Bytes sent, by field."""

    def on_part_begin(self) -> None:
        """A new part has no byte yet."""
        super().on_part_begin()
        self._of_this = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Store what comes of a part while it fits."""
        if self._current_part.file is not None:
            self._of_this += end - start
            if self._of_this > self._bounds.each or self._stored + end - start > self._bounds.together:
                self.left_out[self._current_part.field_name] = self._of_this
                return
            self._stored += end - start
        super().on_part_data(data, start, end)
