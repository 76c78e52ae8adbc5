"""What may be asked of attendance: announce days unlike the others, and take them back."""

import strawberry

from catering.api.mutations.attendance.announce_attendance_event import announce_attendance_event
from catering.api.mutations.attendance.withdraw_attendance_event import withdraw_attendance_event


@strawberry.type
class Mutation:
    announce_attendance_event = announce_attendance_event
    withdraw_attendance_event = withdraw_attendance_event
