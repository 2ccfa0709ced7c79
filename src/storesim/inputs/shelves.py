"""The bays of a floor plan, found by the names that people write."""

from typing import Literal, NamedTuple

from storesim.inputs.floor_plan import Bay, Face, Fixture, FloorPlan
from storesim.inputs.mistakes import quoted, suggest
from storesim.inputs.names import Names, folded
from storesim.inputs.values import Spot


class NotThereError(ValueError):
    """A fixture, face or bay that the plan does not have; says what is near."""

    def __init__(self, part: Literal["fixture", "face", "bays"], what: str) -> None:
        super().__init__(what)
        self.part = part


class BayKey(NamedTuple):
    """Names of a bay: fixture, face, number."""

    fixture: str
    face: str
    bay: int

    def __str__(self) -> str:
        return f"{self.fixture}/{self.face}/{self.bay}"


class Shelf(NamedTuple):
    """A bay, and what it can carry."""

    key: BayKey
    width_m: float
    levels: int

    @property
    def metres(self) -> float:
        """Linear shelf metres, all levels added."""
        return self.width_m * self.levels


class Shelves:
    """All shelves of a plan."""

    def __init__(self, plan: FloorPlan) -> None:
        self.plan = plan
        self._fixtures = {fixture.id: fixture for fixture in plan.fixtures}
        self._names = Names("fixture", f"layout {quoted(plan.name)}", self._fixtures)
        self._shelves = {shelf.key: shelf for fixture in plan.fixtures for shelf in _shelves(fixture, fixture.faces)}

    @property
    def metres(self) -> float:
        """Linear shelf metres of the whole plan."""
        return sum(shelf.metres for shelf in self._shelves.values())

    def shelf(self, key: tuple[str, str, int]) -> Shelf:
        """Return a shelf by the plan's own names."""
        return self._shelves[BayKey(*key)]

    def fixture(self, name: str) -> Fixture:
        """Return a fixture by name.

        Raises:
            NotThereError: there is none.
        """
        own = self._names.find(name)
        if own is None:
            raise NotThereError("fixture", self._names.missing(name))
        return self._fixtures[own]

    def at(self, spot: Spot, *, one_face: bool = False) -> tuple[Shelf, ...]:
        """Return the shelves of a spot, in the order of its faces and bays.

        With `one_face`, a spot that names no face must be on a fixture that has only one.

        Raises:
            NotThereError: the plan has no such fixture, face or bay.
        """
        fixture = self.fixture(spot.fixture)
        faces = fixture.faces if spot.face is None else (_face(fixture, spot.face),)
        names = ", ".join(quoted(face.name) for face in faces)
        if one_face and len(faces) > 1:
            what = f"fixture {quoted(fixture.id)} has {len(faces)} faces; name one of {names}"
            raise NotThereError("face", what)
        if spot.bays is None:
            return tuple(_shelves(fixture, faces))
        return tuple(_between(fixture, faces[0], spot.bays))


def _shelves(fixture: Fixture, faces: tuple[Face, ...]) -> list[Shelf]:
    return [_shelf(fixture, face, bay) for face in faces for bay in face.bays]


def _shelf(fixture: Fixture, face: Face, bay: Bay) -> Shelf:
    return Shelf(BayKey(fixture.id, face.name, bay.number), bay.width_m, fixture.levels)


def _face(fixture: Fixture, name: str) -> Face:
    for face in fixture.faces:
        if folded(face.name) == folded(name):
            return face
    near = suggest(name, [face.name for face in fixture.faces])
    raise NotThereError("face", f"fixture {quoted(fixture.id)} has no face {quoted(name)}{near}")


def _between(fixture: Fixture, face: Face, bays: tuple[int, int]) -> list[Shelf]:
    first, last = bays
    if last > len(face.bays):
        have = f"1 to {len(face.bays)}" if len(face.bays) > 1 else "1 only"
        wanted = f"bays {first}-{last}" if last > first else f"bay {last}"
        what = f"{fixture.id}/{face.name} has no {wanted}; it has bays {have}"
        raise NotThereError("bays", what)
    return [_shelf(fixture, face, bay) for bay in face.bays if first <= bay.number <= last]
