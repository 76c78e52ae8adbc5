"""The rules of a plan as they were stated to the optimizer, read back from the tables."""

import json
from collections.abc import Sequence

from sqlalchemy import Select

from catering.people.viewer import Viewer
from catering.planning.models import PlanRule
from catering.planning.queries_of_runs import rules_visible_to
from catering.recipes.vocabulary import Slot
from optimizer.folders.rules_reader import parse_rules
from optimizer.problem import Rule


def stated_rules(viewer: Viewer, run_id: int) -> Select[PlanRule]:
    """Rules of a visible run, in order of id."""
    return rules_visible_to(viewer).where(PlanRule.run_id == run_id).order_by(PlanRule.rule)


def as_stated(rows: Sequence[PlanRule]) -> tuple[Rule, ...]:
    """The rules, exactly as they were stated.

    Raises:
        optimizer.faults.BadFolder: a definition is no rule: the tables were changed by hand.
    """
    text = json.dumps([row.definition for row in rows], ensure_ascii=False)
    return parse_rules(text, tuple(slot.value for slot in Slot))
