"""Diagnostic: the living document that the law asks for (GAS-02), read version by version, and its next version."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from catering import moment
from catering.waste.service.diagnosing import MOST_LINES
from catering.waste.vocabulary import ActionKind, ActionStatus, Stage, WasteCause
from catering.web.asked import Asked, gathered
from catering.web.chef.waste import PATH as WASTE
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.wording import short_day

PATH = f"{WASTE}/diagnostic"
SPARE = 2
"""Empty rows under those that are written: enough for a meeting, and more come with the next version."""
LEAST_ROWS = 3


def _variables(asked: Asked) -> dict[str, Any]:
    version = asked.whole("version", "Version", least=1) if asked.optional("version") else None
    return {"kitchen": asked.text("uai"), "version": version}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The version read, whether it is the latest, and the rows of the next one."""
    read, latest = answer["wasteDiagnostic"], answer["latest"]
    version = latest["version"] if latest else 0
    current = bool(read) and read["version"] == version
    return {
        "read": read,
        "version": version,
        "current": current or not version,
        "findings": _rows(read["findings"] if current else (), asked, "constat"),
        "actions": _rows(read["actions"] if current else (), asked, "action"),
        "periods": _periods(answer, read),
        "measured": _period(read["measuredFrom"], read["measuredTo"]) if read and read["measuredFrom"] else "",
        "today": moment.today(),
    }


def _rows(written: Sequence[Any], asked: Asked, field: str) -> list[tuple[int, Any]]:
    """Numbered rows: those of the version, those typed beyond them, and empty ones."""
    typed = max((number for number in _numbers() if asked.text(f"{field}-{number}")), default=0)
    many = min(MOST_LINES, max(len(written), typed, LEAST_ROWS - SPARE) + SPARE)
    rows = [*written, *({} for _ in range(many - len(written)))]
    return list(enumerate(rows, start=1))


def _numbers() -> range:
    return range(1, MOST_LINES + 1)


def _periods(answer: Any, read: Any) -> dict[str, str]:
    """Weighings that the diagnostic may rest on: the campaigns, and the period that it names already."""
    spans = [(each["firstDay"], each["lastDay"]) for each in answer["weighingCampaigns"]["nodes"]]
    if read and read["measuredFrom"]:
        spans.append((read["measuredFrom"], read["measuredTo"]))
    return {_period(*span): f"du {short_day(span[0])} au {short_day(span[1])} {span[1][:4]}" for span in spans}


def _period(first: str, last: str) -> str:
    return f"{first}/{last}"


def _written(asked: Asked) -> dict[str, Any]:
    """The whole version; a row without a word is left out."""
    draft = gathered(
        {
            "base": lambda: asked.whole("depuis", "Version de départ"),
            "writtenOn": lambda: asked.day("ecrit_le").isoformat(),
            "pilot": lambda: asked.needed("pilote", "Pilote : dire qui en répond, par sa fonction."),
            "team": lambda: asked.needed("equipe", "Équipe : dire avec qui il est écrit."),
            "situation": lambda: asked.needed("situation", "Situation : dire en quelques phrases ce qui est constaté."),
            "findings": lambda: _several(
                asked, _finding, ("constat", "cause"), "constat-1", "Écrire au moins un constat."
            ),
            "actions": lambda: _several(
                asked, _action, ("action", "qui", "echeance"), "action-1", "Écrire au moins une action."
            ),
        }
    )
    first, _, last = asked.text("pesees").partition("/")
    measured = {"measuredFrom": first or None, "measuredTo": last or None}
    return {"kitchen": asked.text("uai"), "diagnostic": draft | measured, "idempotencyKey": asked.text("cle")}


Reader = Callable[[Asked, int], dict[str, Any]]


def _several(asked: Asked, read: Reader, told_by: Sequence[str], first: str, message: str) -> list[Any]:
    """The rows in which something is written, all of their faults at once."""
    filled = [n for n in _numbers() if any(asked.text(f"{name}-{n}") for name in told_by)]
    if not filled:
        asked.needed(first, message)
    return list(gathered({str(number): partial(read, asked, number) for number in filled}).values())


def _finding(asked: Asked, number: int) -> dict[str, Any]:
    stage = f"etape-{number}"
    read = gathered(
        {
            "cause": lambda: asked.word(f"cause-{number}", WasteCause, "Choisir la cause.").name,
            "seen": lambda: asked.needed(f"constat-{number}", "Constat : écrire ce qui a été vu."),
        }
    )
    known = asked.word(stage, Stage, "Choisir l'étape.").name if asked.optional(stage) else None
    return {**read, "stage": known}


def _action(asked: Asked, number: int) -> dict[str, Any]:
    done, due = f"faite-{number}", f"echeance-{number}"

    def by_when() -> str:
        asked.needed(due, "Échéance : donner une date.")
        return asked.day(due).isoformat()

    return gathered(
        {
            "what": lambda: asked.needed(f"action-{number}", "Action : écrire ce qui sera fait."),
            "kind": lambda: asked.word(f"sorte-{number}", ActionKind, "Choisir la sorte d'action.").name,
            "who": lambda: asked.needed(f"qui-{number}", "Qui : donner une fonction."),
            "dueOn": by_when,
            "status": lambda: asked.word(f"avancement-{number}", ActionStatus, "Choisir l'avancement.").name,
            "doneOn": lambda: asked.day(done).isoformat() if asked.optional(done) else None,
        }
    )


PAGES: tuple[Page, ...] = (
    Page("chef/diagnostic", PATH, "Diagnostic du gaspillage", "chef/WasteDiagnostic", _variables, "kitchen", _shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "chef/write_diagnostic",
        PATH,
        "chef/WriteWasteDiagnostic",
        _written,
        done="WasteDiagnosticWritten",
        leads=lambda _result, asked: with_message(PATH.format(uai=asked.text("uai")), "diagnostic"),
        page="chef/diagnostic",
        blames={"DiagnosticMoved": "pilote"},
    ),
)
