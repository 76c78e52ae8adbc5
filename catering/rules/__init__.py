"""The law as dated data: every figure has an id, a validity and a source, and code asks for it by id and date."""

from catering.rules.book import LAW_FOLDER, RuleBook, UnknownRuleError, law, load_book
from catering.rules.marks import RuleFileError
from catering.rules.planning import planning_rules
from catering.rules.thresholds import Thresholds, thresholds
from catering.rules.truth import Truth

__all__ = [
    "LAW_FOLDER",
    "RuleBook",
    "RuleFileError",
    "Thresholds",
    "Truth",
    "UnknownRuleError",
    "law",
    "load_book",
    "planning_rules",
    "thresholds",
]
