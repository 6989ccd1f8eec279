"""Named errors of the orchestration package; each says what to do next where it is raised."""


class OrchestrationError(Exception):
    """Base of every error that this package raises on purpose."""


class InvalidSettingError(OrchestrationError):
    """A setting has a value that it cannot have."""


class HomeNotWritableError(OrchestrationError):
    """The home folder cannot be made or written."""


class InvalidWeekendRangeError(OrchestrationError):
    """A text names no weekend, season or range of them."""


class NothingToDoError(OrchestrationError):
    """A season or range holds no weekend that has started."""


class WeekendNotStartedError(OrchestrationError):
    """The first session of a weekend has not started, so its key is not frozen yet."""


class DefinitionsError(OrchestrationError):
    """The Dagster definitions cannot be built."""
