"""The trade of the demonstration: contracts, consultations, orders and deliveries that follow the published plan.

All of it is invented, the same for the same plan and day, and made by the use cases that people go through, so that
every rule holds and the books agree (docs/decisions/0059-the-story-of-the-demonstration.md).
"""
