"""A step that only asks whether anything has to be written."""

from __future__ import annotations

from lake.errors import StepNeededError
from lake.step import Step


class AskingStep(Step):
    """Goes through a step's questions: ``is_needed`` raises ``StepNeededError`` at the first yes."""

    def _answer(self, what: str, *, is_needed: bool) -> bool:
        if is_needed:
            raise StepNeededError(f"{what} has to be written")
        return False
