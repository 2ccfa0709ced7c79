"""The store of each variant: layout, planogram, changes, promotions and coupons put together into a case."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from storesim.inputs import coupons
from storesim.inputs.case import Case, Coupon, Placement, Promotion
from storesim.inputs.changes import CannotChangeError, Store, changed, dangling
from storesim.inputs.drafts import Draft
from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.layout import read_layout
from storesim.inputs.memory import Memory
from storesim.inputs.mistakes import Mark, Mistakes, quoted, shown
from storesim.inputs.operations import Operations
from storesim.inputs.operations_read import Premises, read_operations
from storesim.inputs.operations_read import in_words as in_operations_words
from storesim.inputs.planogram import Planogram, place, read_planogram
from storesim.inputs.products import few
from storesim.inputs.promotions import Occasion, in_words, promotion
from storesim.inputs.scenario import AnyChange, CouponFile, PromotionFile
from storesim.inputs.shelves import Shelves
from storesim.inputs.variants import Bases, Files
from storesim.inputs.yaml_compose import Step
from storesim.inputs.yaml_source import Source

MOST_SPACE_DIFFERENCE = 0.05


@dataclass(frozen=True)
class Built:
    """A variant's store as far as it could be built, and its own changes in words."""

    shelves: Shelves | None
    placements: tuple[Placement, ...] | None
    words: tuple[str, ...] = ()


@dataclass
class Stores:
    """Builds the cases of one scenario; every file is read once."""

    source: Source
    bases: Bases
    occasion: Occasion
    mistakes: Mistakes
    warnings: list[str]
    memory: Memory
    _built: dict[str, Built] = field(default_factory=dict)

    def case(self, draft: Draft) -> Case | None:
        """Return a variant's case; None when mistakes keep it from being built."""
        built = self._store(draft)
        found = [
            (one, written, self._promotion(draft, one, at, written, built))
            for one in self.bases.line(draft)
            for at, written in one.promotions
        ]
        handed_out = [
            (one, self._coupon(draft, one, at, written, built))
            for one in self.bases.line(draft)
            for at, written in one.coupons
        ]
        operations = self.operations(draft, built)
        if built.shelves is None or built.placements is None:
            return None
        own = [in_words(offer, written) for one, written, offer in found if one is draft]
        own += [coupons.in_words(coupon) for one, coupon in handed_out if one is draft]
        own += in_operations_words(self.source, draft)
        return Case(
            draft.name,
            built.shelves.plan,
            built.placements,
            promotions=tuple(offer for _, _, offer in found),
            changes=(*built.words, *own),
            coupons=tuple(coupon for _, coupon in handed_out),
            relay_cost=self.bases.relay_cost(draft),
            operations=operations,
        )

    def operations(self, draft: Draft | None, built: Built) -> Operations:
        """Return how a store is run that is built in a variant's place; None: in that of none."""
        premises = Premises(built.shelves.plan if built.shelves else None, built.placements, self.occasion)
        line = self.bases.line(draft) if draft else []
        return read_operations(self.source, line, premises, self.mistakes, self.warnings)

    def _store(self, draft: Draft) -> Built:
        """Return a variant's store: that of its base, or of its own files, with the changes made."""
        if draft.name not in self._built:
            base = self.bases.base(draft)
            if base is None or draft.layout or draft.planogram:
                self._built[draft.name] = self._from_files(draft)
            else:
                built = replace(self._store(base), words=())
                self._built[draft.name] = self._with_changes(draft, draft, built)
        return self._built[draft.name]

    def _from_files(self, draft: Draft) -> Built:
        built = self.on_shelves(self.bases.files(draft))
        for one in self.bases.line(draft):
            built = self._with_changes(draft, one, replace(built, words=()))
        files = [f"{key} {text}" for key, text in (("layout", draft.layout), ("planogram", draft.planogram)) if text]
        return replace(built, words=(*files, *built.words)) if draft.base else built

    def on_shelves(self, files: Files) -> Built:
        """Return a planogram's products on a layout's shelves."""
        return self.memory.once(("shelves", files, self.occasion.products), lambda: self._filled(files))

    def _filled(self, files: Files) -> Built:
        plan = self.layout(*files.layout) if files.layout else None
        shelves = Shelves(plan) if plan else None
        planogram = self._planogram(*files.planogram) if files.planogram else None
        return Built(shelves, self._placed(planogram, shelves) if planogram else None)

    def layout(self, path: Path, mark: Mark | None) -> FloorPlan | None:
        """Return a layout; None when there are mistakes in it."""
        return self.memory.once(("layout", path), lambda: read_layout(path, self.mistakes, mark))

    def _planogram(self, path: Path, mark: Mark | None) -> Planogram | None:
        return self.memory.once(("planogram", path), lambda: read_planogram(path, self.mistakes, mark))

    def _placed(self, planogram: Planogram, shelves: Shelves | None) -> tuple[Placement, ...] | None:
        own = Mistakes()
        try:
            placements = place(planogram.rows, shelves, self.occasion.products, own)
        finally:
            self.mistakes.take_over(own)
        if len(own) or shelves is None or not planogram.is_whole:
            return None
        self._warn_of_homeless(planogram.path, placements)
        return placements

    def _warn_of_homeless(self, path: str, placements: Sequence[Placement]) -> None:
        placed = {placement.product for placement in placements}
        products = self.occasion.products.all if self.occasion.products else ()
        homeless = [product for product in products if product not in placed]
        warning = f"{path}: no place for {few(homeless)}, which nobody can find"
        if homeless and warning not in self.warnings:
            self.warnings.append(warning)

    def _with_changes(self, draft: Draft, one: Draft, built: Built) -> Built:
        """Return a store after the changes of the variant, or of one of its bases."""
        for at, change in one.changes:
            built = self._with_change(draft.name if draft is not one else "", at, change, built)
        return built

    def _with_change(self, heir: str, at: tuple[Step, ...], change: AnyChange, built: Built) -> Built:
        products = self.occasion.products
        wrong = list(dangling(change, built.shelves, products))
        for error in wrong:
            self._tell(heir, at, error)
        if wrong or built.shelves is None or built.placements is None or products is None:
            return built
        try:
            store, words = changed(Store(built.shelves, built.placements, products), change)
        except CannotChangeError as error:
            self._tell(heir, at, error)
            return built
        return Built(store.shelves, store.placements, (*built.words, words))

    def _promotion(
        self, draft: Draft, one: Draft, at: tuple[Step, ...], written: PromotionFile, built: Built
    ) -> Promotion:
        found, wrong = promotion(written, built.shelves, built.placements, self.occasion)
        if not any(self.source.has((*at, key)) for key in ("price_cut", "at")):
            wrong.append(CannotChangeError("the promotion changes nothing; write a price_cut, a place (at), or both"))
        for error in wrong:
            self._tell(draft.name if draft is not one else "", at, error)
        return found

    def _coupon(self, draft: Draft, one: Draft, at: tuple[Step, ...], written: CouponFile, built: Built) -> Coupon:
        found, wrong = coupons.coupon(written, built.placements, self.occasion)
        for error in wrong:
            self._tell(draft.name if draft is not one else "", at, error)
        return found

    def _tell(self, heir: str, at: tuple[Step, ...], error: CannotChangeError) -> None:
        """Add a mistake in a change; the heir's name says in which variant, unless it is there in its own."""
        where = (*at, *error.at)
        mark = self.source.mark(where)
        what = f"{error}{self.source.quote_hint(where)}"
        if not heir:
            self.mistakes.add(mark, what)
        elif not any((found.path, found.line, found.col) == mark for found in self.mistakes.found):
            self.mistakes.add(mark, f"in variant {quoted(heir)}, {what}")


def space_warnings(cases: Sequence[Case], path: Path) -> list[str]:
    """Return a warning for each variant whose floor has over 5 % more or less shelf than the baseline's."""
    if not cases:
        return []
    base = Shelves(cases[0].plan).metres
    found = []
    for case in cases[1:]:
        metres = base if case.plan is cases[0].plan else Shelves(case.plan).metres
        if base > 0 and abs(metres / base - 1) > MOST_SPACE_DIFFERENCE:
            change = f"{100 * abs(metres / base - 1):.1f} % {'more' if metres > base else 'less'}"
            what = f"{shown(path)}: variant {quoted(case.name)} has {metres:.0f} m of shelf, {change} than"
            found.append(f"{what} {quoted(cases[0].name)} ({base:.0f} m): space is part of any difference")
    return found


def relay_warnings(cases: Sequence[Case], path: Path) -> list[str]:
    """Return a warning when making the baseline is said to cost something: it is there already."""
    if not cases or not cases[0].relay_cost:
        return []
    what = f"{shown(path)}: the relay_cost of {quoted(cases[0].name)} is not used"
    return [f"{what}: it is the baseline, which stands already; write it where something is relaid"]
