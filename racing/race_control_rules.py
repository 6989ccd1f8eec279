"""What kind of event a message of race control announces: rules over its words, tried in order.

A rule names a form of announcement, never a single sentence. What none of them understands is ``OTHER``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

EVENT_KINDS = (
    "FLAG",
    "SAFETY_CAR",
    "VIRTUAL_SAFETY_CAR",
    "SESSION",
    "LAP_DELETED",
    "LAP_REINSTATED",
    "INCIDENT",
    "PENALTY",
    "DRS",
    "CAR_SYSTEM",
    "CAR_EVENT",
    "PIT_LANE",
    "TRACK",
    "WEATHER",
    "NOTICE",
    "OTHER",
)
"""Closed list of kinds."""

EVENT_STATES = (
    "DEPLOYED",
    "IN_THIS_LAP",
    "ENDING",
    "THROUGH_PIT_LANE",
    "CARS_MAY_OVERTAKE",
    "WILL_START",
    "WILL_RESUME",
    "NOT_RESUMED",
    "STARTED",
    "RESUMED",
    "STOPPED",
    "ENDED",
    "DELAYED",
    "START_ABORTED",
    "FORMATION_LAP",
    "STANDING_START",
    "ROLLING_START",
    "PIT_LANE_START",
    "RESTART_ORDER",
    "FIRST_CAR_FINISHED",
    "NOTED",
    "UNDER_INVESTIGATION",
    "INVESTIGATED_LATER",
    "NO_FURTHER_ACTION",
    "GIVEN",
    "SERVED",
    "WITHDRAWN",
    "ENABLED",
    "DISABLED",
    "OFF_TRACK",
    "SPUN",
    "MISSED_CORNER",
    "ENTRY_OPEN",
    "ENTRY_CLOSED",
    "EXIT_OPEN",
    "EXIT_CLOSED",
    "OPEN",
    "CLOSED",
    "SLIPPERY",
    "LOW_GRIP",
    "NORMAL_GRIP",
    "WET",
    "DRY",
    "OBSTRUCTED",
    "RISK_OF_RAIN",
    "CLIMATE_CHANGE",
    "TEMPERATURE",
)
"""Closed list of states: what became of the thing that the kind names."""

PENALTY_KINDS = (
    "TIME",
    "STOP_GO",
    "DRIVE_THROUGH",
    "GRID",
    "PIT_LANE_START",
    "DISQUALIFICATION",
    "REPRIMAND",
    "WARNING",
    "FINE",
    "UNKNOWN",
)
"""Closed list of penalties."""

FLAG_SCOPES = ("TRACK", "SECTOR", "DRIVER", "PIT_LANE")
"""Closed list of what a flag is for."""

_RESUME = r"RE-?\s?(?:START|SUME)\w*"


_SESSION = r"\b(?:RACE|SPRINT|SESSION|PRACTICE(?! START)|QUALIFYING|SHOOTOUT|S?Q[123])\b"


@dataclass(frozen=True)
class Rule:
    """One form of announcement.

    Attributes:
        kind: Kind of event.
        state: What became of it; null where the kind says all.
        pattern: Found anywhere in the message in capitals.
    """

    kind: str
    state: str | None
    pattern: re.Pattern[str]


def _rule(kind: str, state: str | None, pattern: str) -> Rule:
    return Rule(kind, state, re.compile(pattern))


RULES: tuple[Rule, ...] = (
    # Lap times come first: their reasons name flags.
    _rule("LAP_REINSTATED", None, r"\bRE-?INSTATED\b"),
    _rule("LAP_DELETED", None, r"\b(?:LAP|TIME|LAPS|TIMES)\b.*\bDELETED\b"),
    # What stewards decide names penalties, flags and safety cars in its reasons.
    _rule("INCIDENT", "NO_FURTHER_ACTION", r"\bNO (?:FURTHER )?(?:ACTION|INVESTIGATION)\b"),
    _rule(
        "INCIDENT",
        "INVESTIGATED_LATER",
        r"\b(?:WILL|TO) BE (?:INVESTIGATED|REVIEWED)\b|\bINVESTIGATED AFTER\b",
    ),
    _rule("INCIDENT", "UNDER_INVESTIGATION", r"\bUNDER INVESTIGATION\b|\bSUMMONED\b"),
    _rule("INCIDENT", "NOTED", r"\bINCIDENTS?\b.*\bNOTED\b|\bNOTED\b"),
    _rule("PENALTY", "SERVED", r"\bPENALTY (?:HAS BEEN )?SERVED\b"),
    _rule(
        "PENALTY",
        "WITHDRAWN",
        r"\b(?:PENALTY|REPRIMAND)\b.*\b(?:CANCELLED|RESCINDED|WITHDRAWN|REMOVED|REVOKED)\b",
    ),
    _rule(
        "PENALTY",
        "GIVEN",
        r"\bPENALTY\b|\bREPRIMAND\b|\bDISQUALIFIED\b|\bDISQUALIFICATION\b|\bGRID (?:PLACE|POSITION) DROP\b"
        r"|\bPERMISSION TO START\b|^(?:FORMAL )?WARNING\b|\bFINED?\b",
    ),
    _rule("FLAG", None, r"\bFLAG FOR CAR\b|\bFLAG SHOWN TO\b"),
    _rule("SESSION", "FIRST_CAR_FINISHED", r"\bFIRST CAR TO TAKE THE (?:CHEQUERED )?FLAG\b"),
    _rule(
        "FLAG",
        None,
        r"^(?:RED|CHEQUERED|YELLOW|GREEN|WHITE) FLAG\b|^(?:DOUBLE )?YELLOW\b|^(?:TRACK )?CLEAR\b",
    ),
    _rule("VIRTUAL_SAFETY_CAR", "DEPLOYED", r"\b(?:VIRTUAL SAFETY CAR|VSC)\b.*\bDEPLOYED\b"),
    _rule("VIRTUAL_SAFETY_CAR", "ENDING", r"\b(?:VIRTUAL SAFETY CAR|VSC)\b.*\b(?:ENDING|ENDED)\b"),
    _rule("VIRTUAL_SAFETY_CAR", None, r"^(?:VIRTUAL SAFETY CAR|VSC)\b"),
    _rule("SAFETY_CAR", "CARS_MAY_OVERTAKE", r"\bMAY (?:NOW )?OVERTAKE\b|\bMAY UN-?LAP\b"),
    _rule("SESSION", "FORMATION_LAP", r"\bFORMATION LAP\b"),
    _rule("SAFETY_CAR", "DEPLOYED", r"^SAFETY CAR DEPLOYED\b"),
    _rule(
        "SAFETY_CAR",
        "IN_THIS_LAP",
        r"^SAFETY CAR (?:IN|ENDING)\b(?! THE)|^SAFETY CAR WILL ENTER (?:THE )?PIT",
    ),
    _rule("SAFETY_CAR", "THROUGH_PIT_LANE", r"\bSAFETY CAR\b.*\bTHROUGH THE PIT\s?LANE\b"),
    _rule("SAFETY_CAR", None, r"\bSAFETY CAR\b"),
    _rule("SESSION", "NOT_RESUMED", rf"\bWILL NOT (?:BE )?{_RESUME}|\bNO {_RESUME}"),
    _rule("SESSION", "DELAYED", r"\b(?:START|SESSION|RACE)\b.*\bDELAYED\b|\bPOSTPONED\b|\bDELAYED START\b"),
    _rule("SESSION", "WILL_RESUME", rf"\bWILL {_RESUME}|\bRESUMPTION\b|\bBEFORE \w+ {_RESUME}"),
    _rule("SESSION", "WILL_START", r"\bWILL START\b|\bSTART(?:ING)? (?:TIME|AT)\b"),
    _rule(
        "SESSION", "START_ABORTED", r"\bABORTED START\b|\bSTART ABORTED\b|\bSTARTING PROCEDURE SUSPENDED\b"
    ),
    _rule("SESSION", "RESTART_ORDER", r"\bORDER FOR RE-?START\b|\bIN ORDER\b|\bCARS? TO (?:THE )?FRONT\b"),
    _rule("SESSION", "STANDING_START", r"\bSTANDING (?:RE-?)?START\b"),
    _rule("SESSION", "ROLLING_START", r"\bROLLING (?:RE-?)?START\b"),
    _rule("SESSION", "PIT_LANE_START", r"\bPIT\s?LANE START\b|\bSTART\w* FROM (?:THE )?PIT\s?LANE\b"),
    _rule("SESSION", "RESUMED", rf"{_SESSION}.*\bRE-?\s?(?:STARTED|SUMED)\b"),
    _rule("SESSION", "STARTED", rf"{_SESSION}.*\bSTARTED\b"),
    _rule("SESSION", "STOPPED", rf"{_SESSION}.*\b(?:STOPPED|SUSPENDED)\b"),
    _rule("SESSION", "ENDED", rf"{_SESSION}.*\b(?:ENDED|FINISHED|COMPLETED|CANCELLED)\b"),
    _rule("CAR_EVENT", "OFF_TRACK", r"^CARS? \d.*\b(?:OFF (?:THE )?TRACK|OFF AT|WENT OFF|LEFT THE TRACK)\b"),
    _rule("CAR_EVENT", "SPUN", r"^CARS? \d.*\b(?:SPUN|SPIN)\b"),
    _rule("CAR_EVENT", "MISSED_CORNER", r"^CARS? \d.*\bMISSED\b"),
    _rule("CAR_EVENT", "STOPPED", r"^CARS? \d.*\bSTOPPED\b"),
    _rule("CAR_EVENT", None, r"^CARS? \d.*\b(?:CRASHED|CONTACT|SLOW|STALLED|RETIRED|ON FIRE|HIT)\b"),
    _rule("DRS", "ENABLED", r"\bDRS\b.*\b(?:ENABLED|ACTIVE)\b"),
    _rule("DRS", "DISABLED", r"\bDRS\b.*\b(?:DISABLED|INACTIVE)\b"),
    _rule("CAR_SYSTEM", "ENABLED", r"\bENABLED\b"),
    _rule("CAR_SYSTEM", "DISABLED", r"\bDISABLED\b"),
    _rule("PIT_LANE", "EXIT_OPEN", r"\bPIT\s?(?:LANE )?EXIT\b.*\b(?:OPEN|CLEAR)"),
    _rule("PIT_LANE", "EXIT_CLOSED", r"\bPIT\s?(?:LANE )?EXIT\b.*\b(?:CLOSED|BLOCKED)\b"),
    _rule("PIT_LANE", "ENTRY_OPEN", r"\bPIT\s?(?:LANE )?ENTRY\b.*\b(?:OPEN|CLEAR)\b"),
    _rule("PIT_LANE", "ENTRY_CLOSED", r"\bPIT\s?(?:LANE )?ENTRY\b.*\b(?:CLOSED|BLOCKED)\b"),
    _rule("PIT_LANE", "OPEN", r"\bPIT\s?LANE\b.*\bOPEN\b"),
    _rule("PIT_LANE", "CLOSED", r"\bPIT\s?LANE\b.*\bCLOSED\b"),
    _rule("TRACK", "SLIPPERY", r"\bSLIPPERY\b|\bOIL ON\b|\bSTANDING WATER\b"),
    _rule("TRACK", "LOW_GRIP", r"\b(?:LOW|REDUCED|POOR) GRIP\b"),
    _rule("TRACK", "NORMAL_GRIP", r"\bNORMAL GRIP\b"),
    _rule("TRACK", "WET", r"\bWET (?:TRACK|CONDITIONS|RACE|SESSION)\b|\bDECLARED WET\b|\bTRACK IS WET\b"),
    _rule("TRACK", "DRY", r"\bDRY (?:TRACK|CONDITIONS|RACE|SESSION)\b|\bDECLARED DRY\b|\bTRACK IS DRY\b"),
    _rule(
        "TRACK",
        "OBSTRUCTED",
        r"\b(?:ON (?:THE )?TRACK|ON (?:THE )?CIRCUIT|TRACKSIDE)\b|\bDEBRIS\b"
        r"|\b(?:MEDICAL|RECOVERY|INTERVENTION) (?:CAR|VEHICLE)\b",
    ),
    _rule("WEATHER", "RISK_OF_RAIN", r"\bRISK OF RAIN\b|\bCHANCE OF RAIN\b"),
    _rule("WEATHER", "CLIMATE_CHANGE", r"\bCLIMATIC CONDITIONS\b"),
    _rule("WEATHER", "TEMPERATURE", r"\b(?:TEMPERATURES?|HEAT HAZARD)\b"),
    _rule("WEATHER", None, r"\bRAIN\b|\bWIND\b"),
    _rule(
        "NOTICE",
        None,
        r"\bM(?:UST|AY) (?:NOW )?(?:NOT )?(?:BE )?(?:USED?|ACCESS|COMMENCE|LEAVE|ENTER|RETURN|WORK)\b"
        r"|\bPARC FERME\b|\bPRACTICE STARTS?\b|\bRADIO COMMUNICATIONS?\b|\bTRACK INSPECTION\b|\bCURFEW\b"
        r"|\b(?:MANDATORY|COMPULSORY|PERMITTED|PROHIBITED|(?:NOT )?ALLOWED)\b",
    ),
)
"""Rules in the order in which they are tried; the first that fits wins."""

_FLAG_RULES = (_rule("PIT_LANE", "EXIT_OPEN", r"\bPIT\s?(?:LANE )?EXIT\b.*\bOPEN\b"), _rule("FLAG", None, ""))

_CATEGORY_RULES = {
    "Flag": _FLAG_RULES,
    "CarEvent": (*RULES, _rule("CAR_EVENT", None, "")),
    "Drs": (*RULES, _rule("DRS", None, "")),
    "SafetyCar": (*RULES, _rule("SAFETY_CAR", None, "")),
}
"""Rules for the feed's own categories, which say the kind where no rule understands the words.

What the feed itself calls a flag is one whatever its reason says; half of all messages are.
"""

_OTHER = (*RULES, _rule("OTHER", None, ""))


def rule_for(text: str, category: str | None) -> Rule:
    """Return the rule that a message falls under.

    Args:
        text: ``ControlText.text``.
        category: The feed's category: Flag, SafetyCar, Drs, CarEvent, Other and so on.

    Source: docs/explanation/race-control.md#kinds.
    """
    rules = _CATEGORY_RULES.get(category or "", _OTHER)
    return next(rule for rule in rules if rule.pattern.search(text))
