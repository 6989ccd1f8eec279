"""One named error per condition of the lake; each says what to do next where it is raised."""

from __future__ import annotations

from lake.checks import CheckOutcome


class LakeError(Exception):
    """Base of every error that the lake raises on purpose."""


class LakeNotFoundError(LakeError):
    """There is no lake at this place yet."""


class LakeMovedError(LakeError):
    """The lake's folder is not where it was made; Iceberg stores absolute paths."""


class LostCatalogError(LakeError):
    """A local lake's catalog is gone or damaged; nothing says which files make up its tables."""


class CatalogClosedError(LakeError):
    """A local lake's catalog is there and cannot be opened: no right, no room, or locked."""


class UnsupportedCatalogError(LakeError):
    """The catalog kind is unknown, or its settings are incomplete."""


class UnknownTableError(LakeError):
    """No table of that name, neither in the contracts nor in the lake."""


class UnknownColumnError(LakeError):
    """A filter or a selection names a column that the table does not have."""


class ScopeError(LakeError):
    """A write or a lock was asked for with a scope value that the table's contract does not have."""


class AuditFailedError(LakeError):
    """Rows break their contract or a blocking check; nothing was committed.

    Attributes:
        violations: One sentence per violation.
        checks: What each rule said, where rules were run.
    """

    def __init__(
        self, headline: str, violations: tuple[str, ...], checks: tuple[CheckOutcome, ...] = ()
    ) -> None:
        """Keep the sentences apart and show them together."""
        super().__init__("\n".join((headline, *(f"  - {violation}" for violation in violations))))
        self.violations = violations
        self.checks = checks


class ContractChangedError(LakeError):
    """The stored table cannot be brought to the contract by adding columns or widening types."""


class RawIsAppendOnlyError(LakeError):
    """Somebody tried to rewrite or remove rows of the raw zone."""


class StagedTwiceError(LakeError):
    """One step staged the same scope of the same table twice."""


class StepClosedError(LakeError):
    """A step was used after its commit or outside its ``with`` block."""


class StepNeededError(LakeError):
    """Something has to be written; raised by a step that only asks."""


class StagingError(LakeError):
    """Rows could not be written to the staging folder; nothing was committed."""


class CommitInterruptedError(LakeError):
    """A commit stopped between tables; its plan stays and is finished by the next writer."""


class RecoveryError(LakeError):
    """A decided step of a dead process could not be finished."""


class ConcurrentWriteError(LakeError):
    """Another machine kept changing the same rows; every retry lost."""


class LockTimeoutError(LakeError):
    """Another process held a lock of the lake for too long."""


class LockLostError(LakeError):
    """The connection that held a shared catalog's lock was lost while writing."""


class OtherHomeInterruptedError(LakeError):
    """A writer of another home on the same catalog died, and its step can be finished there only."""


class ReleaseGoneError(LakeError):
    """The release that was asked for is not kept any more, or never was."""


class MaintenanceRefusedError(LakeError):
    """A table's files are not where its metadata says; nothing of it is deleted."""


class BackupRefusedError(LakeError):
    """A backup cannot be made there, or what was named is no backup."""


class BackupDamagedError(LakeError):
    """A backup was cut off, or a file of it is not what was backed up."""


class RestoreRefusedError(LakeError):
    """A restore would overwrite something, or has no room; nothing was done."""


class QueryRefusedError(LakeError):
    """The SQL statement does something else than read."""


class QueryFailedError(LakeError):
    """DuckDB could not answer: it needs more memory than it may take, or a file cannot be read."""


class WrongStatementError(QueryFailedError):
    """A statement is not SQL, names what is not there, or asks what cannot be computed."""


class ExtensionMissingError(LakeError):
    """A DuckDB extension wheel is not installed."""


class MartsProjectError(LakeError):
    """The dbt project is missing, incomplete, or dbt cannot parse it."""


class MartsScopeError(LakeError):
    """A build of the marts was asked for without saying which weekends, or which marts."""


class MartsBuildError(LakeError):
    """A model of the marts could not be built; nothing is published."""


class MartsTestsFailedError(LakeError):
    """Tests of the marts failed; nothing is published.

    Attributes:
        failures: One sentence per failed test, with the model, the number of rows and an example.
    """

    def __init__(self, failures: tuple[str, ...]) -> None:
        """Keep the sentences apart and show them together."""
        headline = f"Nothing is published, as tests of the marts failed ({len(failures)}):"
        super().__init__("\n".join((headline, *(f"  - {failure}" for failure in failures))))
        self.failures = failures
