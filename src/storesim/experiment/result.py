"""What an experiment says, for people who ask from Python."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from storesim.experiment.played import Played
from storesim.inputs.case import Scenario
from storesim.results.actuals import Against, against
from storesim.results.assumed import Assumed, standing
from storesim.results.comparison import Comparison, compare
from storesim.results.precision import Reached, first_stages, reached
from storesim.results.promotions import Effect, take_apart
from storesim.results.responses import responses_of
from storesim.results.sweep import Swept
from storesim.results.tables import Tables
from storesim.results.write import PROMOTION_COLUMNS, SUMMARY_COLUMNS, promotion_row, summary_row

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Result:
    """What an experiment says."""

    scenario: Scenario
    played: Played
    directory: Path | None
    """Where the run directory is; None when nothing was written."""
    assumed: Assumed | None = None
    """What varying the assumed parameters says; None when they were not varied."""
    swept: Swept | None = None
    """What the points of the sweep say; None when there is none."""

    @cached_property
    def comparison(self) -> tuple[Comparison, ...]:
        """One row per variant and response."""
        margin = self.scenario.same_within
        variants = [case.name for case in self.scenario.cases]
        stages, responses = first_stages(self.scenario), responses_of(self.scenario)
        rows = compare(self.played.responses, variants, margin, stages, responses)
        return standing(rows, self.assumed, margin) if self.assumed else rows

    @cached_property
    def reached(self) -> Reached | None:
        """How far the run came with the precision asked for; None when none was, or its first stage is not whole."""
        return reached(self.scenario, self.played.responses)

    @property
    def tables(self) -> tuple[Tables, ...]:
        """The tables of each variant, stacked: arrays of shape (replications, rows)."""
        return self.played.tables

    @cached_property
    def against(self) -> tuple[Against, ...]:
        """The baseline beside every number that is known of the user's store, as in actuals.csv."""
        return against(self.scenario, self.played.responses[0], self.tables[0])

    @property
    def summary(self) -> "pd.DataFrame":
        """The comparison as a table, one row per variant and response, as in summary.csv."""
        import pandas as pd

        rows = [list(summary_row(row, self.scenario.currency)) for row in self.comparison]
        return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """Every promotion taken apart, by scope."""
        return take_apart(self.scenario, [tables.products for tables in self.tables])

    @property
    def promotions(self) -> "pd.DataFrame":
        """What every promotion does to its product, the category and the rest, as in promotions.csv."""
        import pandas as pd

        return pd.DataFrame(map(promotion_row, self.effects), columns=list(PROMOTION_COLUMNS))
