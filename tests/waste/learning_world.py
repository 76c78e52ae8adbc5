"""A canteen world whose truth is known: shares that come back, drawn with a seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from catering.waste.rules.pooling import Returned

GRAMS = 150


@dataclass
class World:
    """``dishes`` of ``families``, each with a true share that comes back; kitchens that waste more or less."""

    seed: int
    dishes: int = 30
    families: int = 5
    kitchens: int = 8
    between_dishes: float = 0.07
    between_days: float = 0.08
    draws: np.random.Generator = field(init=False)
    family: Mapping[int, str] = field(init=False)
    truth: np.ndarray = field(init=False)
    taste: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.draws = np.random.default_rng(self.seed)
        self.family = {dish: f"f{dish % self.families}" for dish in range(self.dishes)}
        means = 0.25 + 0.05 * self.draws.standard_normal(self.families)
        own = self.between_dishes * self.draws.standard_normal(self.dishes)
        self.truth = np.array([means[dish % self.families] for dish in range(self.dishes)]) + own
        self.taste = 0.03 * self.draws.standard_normal(self.kitchens)
        self.taste -= self.taste.mean()

    def weigh(self, kitchen: int, *dishes: int) -> Returned:
        """One weighing of some dishes of a tray."""
        noise = self.between_days * self.draws.standard_normal(len(dishes))
        shares = self.truth[list(dishes)] + self.taste[kitchen] + noise
        return Returned(kitchen, dict.fromkeys(dishes, GRAMS), float(shares.mean()))

    def alone(self, times: int) -> list[Returned]:
        """Each dish weighed by itself, ``times`` times, in kitchens taken in turn."""
        return [self.weigh((dish + n) % self.kitchens, dish) for dish in range(self.dishes) for n in range(times)]

    def trays(self, many: int, size: int = 4) -> list[Returned]:
        """Trays of which only the total was weighed."""
        return [
            self.weigh(n % self.kitchens, *self.draws.choice(self.dishes, size, replace=False).tolist())
            for n in range(many)
        ]
