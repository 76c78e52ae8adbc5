"""Who the API takes you for."""

import strawberry

from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Role

strawberry.enum(Role, description="What a person does in public catering; it decides what they may see.")


@strawberry.type(description="The identity on whose behalf the API answers.")
class Viewer:
    name: str = strawberry.field(description="As shown to people.")
    role: Role = strawberry.field(description="Decides what is visible.")
    kitchens: list[strawberry.ID] = strawberry.field(description="UAI of a chef's own kitchens; empty for other roles.")
    suppliers: list[strawberry.ID] = strawberry.field(description="Ids a producer sells as; empty for other roles.")


@strawberry.type
class Query:
    @documented
    def viewer(self, info: Ask) -> Viewer:
        """Who you are for the API; an error (SIGN_IN_REQUIRED) when nobody is signed in."""
        viewer = info.context.viewer
        return Viewer(
            name=viewer.name,
            role=viewer.role,
            kitchens=[strawberry.ID(uai) for uai in sorted(viewer.kitchens)],
            suppliers=[strawberry.ID(slug) for slug in sorted(viewer.suppliers)],
        )
