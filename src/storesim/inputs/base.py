"""The ground of every input type: frozen, closed to unknown keys, names checked."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(min_length=1, max_length=80)]
"""A name the user gave; compared ignoring case, shown as written."""
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Point = tuple[float, float]
"""A place on the floor: (x, y) in metres, origin bottom left."""


class Input(BaseModel):
    """A frozen input: an unknown key is a mistake, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
