from pathlib import Path

import duckdb
import pytest

from storesim.calibrate.cleaning import clean
from storesim.calibrate.extract import open_pos
from storesim.calibrate.sample import FIRST_HELD_OUT, ZONE, sample_folder, write_promotions, write_sample


def test_the_sample_becomes_an_extract_that_cleaning_understands(tmp_path: Path) -> None:
    """The tables here are made up: the real ones are an optional extra."""
    duckdb.sql("""SELECT 900 AS household_id, 330 AS store_id, 7 AS basket_id, k AS product_id, 1 AS quantity,
        2.0 AS sales_value, 0.5 AS retail_disc, 9.0 AS coupon_disc, 0.25 AS coupon_match_disc, k AS week,
        TIMESTAMP '2017-07-01 03:30:00' AS transaction_timestamp FROM range(1, 4) AS t(k)
        """).write_parquet(str(tmp_path / "transactions.parquet"))
    duckdb.sql("""SELECT k AS product_id, ['GROCERY', 'FUEL', 'GROCERY'][k] AS department,
        ['SOUP', 'FUEL', 'BREAD'][k] AS product_category FROM range(1, 4) AS t(k)
        """).write_parquet(str(tmp_path / "products.parquet"))
    write_sample(tmp_path, tmp_path / "pos.parquet", weeks=(1, 2))
    with open_pos([tmp_path / "pos.parquet"]) as pos:
        done = clean(pos, timezone=ZONE)
        left = pos.db.execute("SELECT product, net_sales, regular_price, strftime(t, '%d %H:%M') FROM clean").fetchall()
    assert left == [("SOUP", 2.0, 2.75, "30 23:30")]
    assert (pos.columns["product"].name, pos.columns.unused, done.lines_before) == ("product", (), 2)


def test_without_the_extra_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storesim.calibrate.sample.find_spec", lambda _: None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'storesim\[calibrate\]'"):
        sample_folder()


def test_displays_are_by_the_monday_of_the_week_and_only_of_items_that_are_sold(tmp_path: Path) -> None:
    duckdb.sql("SELECT 1 AS product_id").write_parquet(str(tmp_path / "transactions.parquet"))
    duckdb.sql("""FROM (VALUES (1, 7, '9', '0', 41), (1, 7, '0', 'A', 41), (2, 7, '1', '0', 41))
        AS t(product_id, store_id, display_location, mailer_location, week)
        """).write_parquet(str(tmp_path / "promotions.parquet"))
    write_promotions(tmp_path, tmp_path / "out.parquet")
    assert duckdb.read_parquet(str(tmp_path / "out.parquet")).fetchall() == [(1, 7, FIRST_HELD_OUT, True, True)]
    assert FIRST_HELD_OUT.weekday() == 0
