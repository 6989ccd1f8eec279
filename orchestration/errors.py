"""Named errors of the orchestration package; each says what to do next where it is raised."""


class OrchestrationError(Exception):
    """Base of every error that this package raises on purpose."""


class UsageError(OrchestrationError):
    """What was asked for cannot be asked for; nothing was done."""


class InvalidSettingError(UsageError):
    """A setting has a value that it cannot have."""


class InvalidWeekendRangeError(UsageError):
    """A text names no weekend, season or range of them."""


class UnknownSessionOfWeekendError(UsageError):
    """A session is asked for that the weekend does not have."""


class PortTakenError(UsageError):
    """Another process listens on the port that was asked for."""


class HomeNotWritableError(OrchestrationError):
    """The home folder cannot be made or written."""


class OutputNotWrittenError(OrchestrationError):
    """Standard output takes nothing more: its disk is full, or gone."""


class NothingToDoError(OrchestrationError):
    """A season or range holds no weekend that has started."""


class WebServerStoppedError(OrchestrationError):
    """The Dagster web server or daemon ended by itself."""


class UnknownTableNameError(UsageError):
    """No table, or more than one, has the name that was given."""


class RawNotWholeError(OrchestrationError):
    """The raw zone has lost files, so that what would be dropped could not be computed again."""


class WorkerProcessError(OrchestrationError):
    """A further process of a backfill could not begin, or ended before its weekend did."""


class WorkerGoneError(WorkerProcessError):
    """A further process had ended before it was asked for a weekend; nothing of that has begun."""
