"""What a role may see at all."""

import pytest

from catering.people.viewer import Role, Viewer, demo_viewer


@pytest.mark.parametrize(
    ("role", "everything"),
    [
        (Role.CHEF, False),
        (Role.GESTIONNAIRE, False),
        (Role.PRODUCER, False),
        (Role.HUB, False),
        (Role.NUTRITION_MANAGER, True),
        (Role.DEPARTEMENT, True),
        (Role.AUDITOR, True),
    ],
)
def test_only_who_controls_sees_everything(role: Role, everything: bool) -> None:
    assert Viewer("essai", role).sees_everything is everything


def test_every_role_buys_sells_or_sees_everything_and_one_of_them_only() -> None:
    for role in Role:
        viewer = Viewer("essai", role)
        assert [viewer.buys, viewer.sells, viewer.sees_everything].count(True) == 1


def test_a_trace_outlives_a_change_of_name() -> None:
    assert Viewer("Ancien nom", Role.CHEF, account=7).actor == Viewer("Nouveau nom", Role.CHEF, account=7).actor


def test_the_demo_identity_administers_the_departement() -> None:
    assert demo_viewer().role is Role.DEPARTEMENT
    assert demo_viewer().sees_everything
