"""The producer's pages, made for a phone: orders to prepare, products, needs, consultations, invoices."""

from catering.web.pages import Action, Page
from catering.web.producer import (
    adding,
    certificates,
    consultations,
    invoices,
    needs,
    order,
    preparing,
    products,
    quantities,
    why_not,
)

_PARTS = (preparing, order, products, quantities, adding, certificates, needs, why_not, consultations, invoices)
PAGES: tuple[Page, ...] = tuple(page for part in _PARTS for page in part.PAGES)
ACTIONS: tuple[Action, ...] = tuple(action for part in _PARTS for action in part.ACTIONS)
