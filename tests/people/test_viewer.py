"""What a role may see at all."""

import pytest

from catering.people.viewer import Role, Viewer, demo_viewer


@pytest.mark.parametrize(
    ("role", "everything"),
    [
        (Role.CHEF, False),
        (Role.PRODUCER, False),
        (Role.NUTRITION_MANAGER, True),
        (Role.DEPARTEMENT, True),
        (Role.AUDITOR, True),
    ],
)
def test_only_who_controls_sees_everything(role: Role, everything: bool) -> None:
    assert Viewer("essai", role).sees_everything is everything


def test_the_demo_identity_administers_the_departement() -> None:
    assert demo_viewer().role is Role.DEPARTEMENT
    assert demo_viewer().sees_everything
