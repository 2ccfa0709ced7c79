"""The replay of a day: it plays, scrubs, follows a customer, and shows what the log of events says."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

OPEN_S = 12 * 3600


def replay(page: Page, words: str = "state()") -> Any:
    """Return what the replay answers."""
    return page.evaluate(f"window.storesimReplay.{words}")


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait up to ten seconds; a busy machine draws few frames."""
    for _ in range(200):
        if holds():
            return
        page.wait_for_timeout(50)
    pytest.fail("it did not come about in ten seconds")


def test_it_plays_and_pauses(page: Page) -> None:
    button = page.locator('[data-r="play"]')
    assert not replay(page)["playing"]
    button.click()
    expect(button).to_contain_text("Pause")
    wait_until(page, lambda: replay(page)["time"] > 10)
    button.click()
    expect(button).to_contain_text("Play")
    there = replay(page)["time"]
    page.wait_for_timeout(100)
    assert replay(page)["time"] == there


def test_it_plays_backwards(page: Page) -> None:
    replay(page, "seek(3600)")
    page.locator('[data-r="backwards"]').click()
    page.locator('[data-r="play"]').click()
    wait_until(page, lambda: replay(page)["time"] < 3595)


def test_the_time_line_goes_both_ways_by_mouse_and_by_keyboard(page: Page) -> None:
    scrub = page.locator('[data-r="scrub"]')
    box = scrub.bounding_box()
    assert box
    scrub.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    middle = replay(page)["time"]
    assert middle == pytest.approx(float(scrub.get_attribute("max") or 0) / 2, rel=0.02)
    page.keyboard.press("PageUp")
    assert replay(page)["time"] == middle + 600
    page.keyboard.press("ArrowLeft")
    assert replay(page)["time"] == middle + 590
    page.keyboard.press("Home")
    assert replay(page)["time"] == 0
    expect(page.locator('[data-r="clock"]')).to_have_text("08:00:00")


def test_speed_is_what_is_chosen(page: Page) -> None:
    page.locator('[data-r="speed"]').select_option("600")
    page.locator('[data-r="play"]').click()
    wait_until(page, lambda: replay(page)["time"] > 300)
    assert replay(page)["speed"] == 600


def test_the_busiest_minute_has_most_customers(run: Any, page: Page) -> None:
    """Of all minutes of the day, counted from the log, over both floors shown."""
    page.locator('[data-r="busiest"]').click()
    state = replay(page)
    minutes = 60.0 * np.arange(OPEN_S // 60)
    most = sum(inside(run, variant, minutes) for variant in state["variants"]).max()
    assert sum(state["inside"]) == pytest.approx(most, abs=1)  # times are shown to the half-second


def test_two_variants_in_step_show_what_the_log_says_of_that_time(run: Any, page: Page) -> None:
    """Customers in the store and baskets paid, on both floors at the same time, all day long."""
    for time_s in quiet_times(run, replay(page)["variants"]):
        replay(page, f"seek({time_s})")
        state = replay(page)
        assert len(state["variants"]) == 2
        for variant, shown, paid in zip(state["variants"], state["inside"], state["paid"], strict=True):
            assert shown == inside(run, variant, time_s)
            assert paid == (run.events(variant, "pay")["t_s"] <= time_s).sum()
        words = page.locator('[data-r="status"]').all_inner_texts()
        assert [text.split(" ")[0] for text in words] == [str(count) for count in state["inside"]]


def inside(run: Any, variant: str, time_s: Any) -> Any:
    """Return the customers in the store at a time, or at each of many, as the log has them."""
    came, left = (run.events(variant, kind)["t_s"].sort_values() for kind in ("enter", "leave"))
    return np.searchsorted(came, time_s, side="right") - np.searchsorted(left, time_s, side="right")


def quiet_times(run: Any, variants: list[str]) -> list[float]:
    """Return six times around which nobody comes, pays or goes: the replay has half-seconds, the log all digits."""
    kinds = ("enter", "pay", "leave")
    times = np.concatenate([run.events(variant, kind)["t_s"] for variant in variants for kind in kinds])
    return [
        float(next(t for t in range(2 * hour * 3600 - 1800, OPEN_S) if (np.abs(times - t) > 1).all()))
        for hour in range(1, 7)
    ]


def test_customers_are_drawn_on_both_floors(page: Page) -> None:
    """Before the first comes both floors are empty; at the busiest minute neither is."""

    def pictures() -> list[bytes]:
        return [page.locator('[data-r="stage"]').nth(number).screenshot() for number in (0, 1)]

    replay(page, "seek(0)")
    empty = pictures()
    page.locator('[data-r="busiest"]').click()
    assert all(one != other for one, other in zip(empty, pictures(), strict=True))


def test_colours_are_told_in_words(page: Page) -> None:
    legend = page.locator('[data-r="legend"] li')
    segments = legend.all_inner_texts()
    page.locator('[data-r="colour"]').select_option("mission")
    assert segments == ["neighbours", "passers-by"]
    assert legend.all_inner_texts() == ["fill-in", "quick grocery"]


def test_a_customer_who_is_followed_carries_what_the_log_says(run: Any, page: Page) -> None:
    """Whoever takes most: in the end the basket is that of the log, in both variants."""
    customer = follow_greatest(run, page)
    replay(page, f"seek({24 * 3600})")
    state = replay(page)
    assert state["followed"] == customer
    names = pd.read_csv(run.path / "inputs/data/small/products.csv").set_index("id")["name"]
    for variant, basket in zip(state["variants"], state["baskets"], strict=True):
        takes = run.events(variant, "take").set_index("customer").loc[[customer]]
        assert [line["product"] for line in basket["lines"]] == [names[product] for product in takes["product"]]
        assert [line["units"] for line in basket["lines"]] == takes["units"].tolist()
        assert [line["amount"] for line in basket["lines"]] == takes["amount"].tolist()
        assert basket["total"] == pytest.approx(takes["amount"].sum())


def test_the_basket_on_the_page_is_that_of_the_log(run: Any, page: Page) -> None:
    """Line by line, the newest on top, with the sum so far; the caption has the total."""
    customer = follow_greatest(run, page)
    replay(page, f"seek({24 * 3600})")
    takes = run.events(replay(page)["variants"][0], "take").set_index("customer").loc[customer]
    box = page.locator('[data-r="basket"]').first
    expect(box).to_contain_text(f"Customer {customer} ")
    expect(box.locator("caption")).to_have_text(f"Basket: ${takes['amount'].sum():.2f}")
    rows = [row.split("\t")[1:] for row in box.locator("tbody tr").all_inner_texts()]
    sums = zip(takes["units"], takes["amount"], takes["amount"].cumsum(), strict=True)
    assert rows[::-1] == [[str(units), f"${amount:.2f}", f"${total:.2f}"] for units, amount, total in sums]


def test_the_basket_grows_take_by_take(run: Any, page: Page) -> None:
    customer = follow_greatest(run, page)
    takes = run.events(replay(page)["variants"][0], "take").set_index("customer").loc[customer]
    for number, time_s in enumerate(takes["t_s"], 1):
        replay(page, f"seek({time_s - 1})")
        assert len(replay(page)["baskets"][0]["lines"]) == number - 1
        replay(page, f"seek({time_s + 1})")
        assert len(replay(page)["baskets"][0]["lines"]) == number


def follow_greatest(run: Any, page: Page) -> int:
    """Follow the customer who takes most often in the left variant, by the number; return it."""
    customer = int(run.events(replay(page)["variants"][0], "take")["customer"].mode()[0])
    page.locator('[data-r="number"]').fill(str(customer))
    page.keyboard.press("Enter")
    return customer


def test_following_goes_to_who_comes_next_and_stops(run: Any, page: Page) -> None:
    first, second, *_ = run.events(run.variants[0], "enter")["customer"]
    replay(page, f"follow({first})")
    page.locator('[data-r="next"]').click()
    assert replay(page)["followed"] == second
    expect(page.locator('[data-r="said"]')).to_contain_text(f"Customer {second}.")
    page.locator('[data-r="previous"]').click()
    assert replay(page)["followed"] == first
    page.locator('[data-r="stop"]').click()
    assert replay(page)["followed"] is None
    expect(page.locator('[data-r="basket"]').first).to_be_hidden()


def test_another_variant_can_stand_on_the_right(run: Any, page: Page) -> None:
    other = next(name for name in run.variants if name not in replay(page)["variants"])
    page.locator('[data-r="variant"]').nth(1).select_option(label=other)
    wait_until(page, lambda: replay(page)["variants"][1] == other)


def test_a_hostile_name_in_the_basket_is_text(run: Any, page: Page, hostile: str) -> None:
    takes = run.events(replay(page)["variants"][0], "take")
    customer = int(takes[takes["product"] == "milk"]["customer"].iloc[0])
    replay(page, f"follow({customer})")
    replay(page, f"seek({24 * 3600})")
    expect(page.locator('[data-r="basket"] td').filter(has_text=hostile).first).to_be_visible()
