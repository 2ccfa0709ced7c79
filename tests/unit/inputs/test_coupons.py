"""Coupons of a variant: as written, inherited, and what cannot be."""

from typing import Any

import pytest

COUPON = (
    "coupons: [{products: [Coffee, sugar], each: 2, target: far, follow: 30%, price_cut: 20%,"
    " for: {tier: MEMBER, segment: [others]}}]"
)


def test_coupons_come_as_written(store: Any) -> None:
    store.add_to_other(COUPON)
    other = store.other()
    (coupon,) = other.coupons
    assert (coupon.products, coupon.each, coupon.target) == (("coffee", "sugar"), 2, "far")
    assert (coupon.p_follow, coupon.price_cut) == (0.3, 0.2)
    assert (coupon.tiers, coupon.segments) == (frozenset({"member"}), frozenset({"others"}))
    assert other.changes == ("coupons for the farthest 2 of coffee, sugar, 20 % off, for member and others",)


def test_one_coupon_for_everybody_at_the_regular_price_need_not_be_said(store: Any) -> None:
    store.add_to_other("coupons: [{products: tea, follow: 0.1}]")
    other = store.other()
    (coupon,) = other.coupons
    assert (coupon.products, coupon.each, coupon.target, coupon.price_cut) == (("tea",), 1, "any", 0)
    assert (coupon.tiers, coupon.segments) == (None, None)
    assert other.changes == ("coupons for 1 of tea",)


def test_a_variant_keeps_the_coupons_of_its_base(store: Any) -> None:
    store.add_to_other("coupons: [{products: [tea], follow: 10%}]")
    store.change(
        "scenario.yaml", "  other:", "  heir: {base: other, coupons: [{products: [milk], follow: 20%}]}\n  other:"
    )
    heir = next(case for case in store.load().cases if case.name == "heir")
    assert [coupon.products for coupon in heir.coupons] == [("tea",), ("milk",)]
    assert heir.changes == ("coupons for 1 of milk",)


MISTAKES = {
    "all references": (
        "{products: [cofee, tea], follow: 30%, for: {tier: [membr], segment: nobody}}",
        [
            "18:27: product 'cofee' is not in products.csv; did you mean 'coffee'?",
            "18:66: tier 'membr' is not in segments.yaml; did you mean 'member'?",
            "18:83: segment 'nobody' is not in segments.yaml; choose from 'regulars', 'others'",
        ],
    ),
    "twice": (
        "{products: [tea, coffee, Tea], follow: 30%}",
        ["18:40: 'Tea' is there twice; name each product once"],
    ),
    "more than all follow": (
        "{products: [tea], follow: 130%}",
        ["18:41: that 130 % follow a coupon cannot be; write 0 to 100 %"],
    ),
    "for free": (
        "{products: [tea], follow: 30%, price_cut: 100%}",
        ["18:57: a price cut of 100 % cannot be; write one from 0 to below 100 %"],
    ),
    "dearer": (
        "{products: [tea], follow: 30%, price_cut: -10%}",
        ["18:57: a price cut of -10 % cannot be; write one from 0 to below 100 %"],
    ),
    "in words": ("{products: [tea], follow: most}", ["18:41: 'most' is not a share; write 20% or 0.2"]),
    "nobody told who follows": ("{products: [tea]}", ["18:15: key 'follow' is missing; add it"]),
    "nothing to give": (
        "{products: [tea], each: 0, follow: 30%}",
        ["18:39: 'each' is 0; write a number of at least 1"],
    ),
    "in no direction": (
        "{products: [tea], target: beside, follow: 30%}",
        ["18:41: 'target' is 'beside'; write 'near', 'far' or 'any'"],
    ),
}


@pytest.mark.parametrize(("coupon", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_coupons_that_cannot_be_are_told(store: Any, coupon: str, told: list[str]) -> None:
    store.add_to_other(f"coupons: [{coupon}]")
    assert store.mistakes() == [f"scenario.yaml:{line}" for line in told]


def test_nobody_is_sent_for_what_has_no_home(store: Any) -> None:
    store.change("planogram.csv", "milk,G2,west,1,,2,,\n", "")
    store.add_to_other("coupons: [{products: [tea, milk], follow: 30%}]")
    assert store.mistakes() == [
        "scenario.yaml:18:32: 'milk' has no place in the planogram; give it one, or leave it out"
    ]
