"""Where work on plans stands."""

from enum import StrEnum


class RunStatus(StrEnum):
    """Where a run of the optimizer stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether the run will never change again."""
        return self in (RunStatus.DONE, RunStatus.FAILED, RunStatus.CANCELLED)
