"""A step that only asks whether anything has to be written."""

from __future__ import annotations

from collections.abc import Mapping

from lake.contracts import TableContract
from lake.errors import StepNeededError
from lake.step import Step


class AskingStep(Step):
    """Goes through a step's questions, and stops at the first scope that would have to be written."""

    def is_needed(
        self,
        contract: TableContract,
        scope_value: str | int | None,
        inputs: Mapping[str, str],
        logic_version: int,
    ) -> bool:
        """Return false, for a scope that need not be written.

        Args:
            contract: The table's contract.
            scope_value: What would be written.
            inputs: Input name to its recipe digest.
            logic_version: Version of the computing function.

        Raises:
            StepNeededError: If the scope must be written.
        """
        if super().is_needed(contract, scope_value, inputs, logic_version):
            raise StepNeededError(f"{contract.name} [{scope_value}] has to be written")
        return False
