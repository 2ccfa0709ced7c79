from pathlib import Path

import pytest

from storesim.calibrate.columns import SPELLINGS, ColumnMap, Columns, folded, guess, read_map
from storesim.inputs.mistakes import Mistakes

POS = Path("pos.csv")


def guessed(header: str, *rows: str, mapped: ColumnMap | None = None) -> tuple[dict[str, str], list[str]]:
    mistakes = Mistakes()
    cells = [row.split(",") for row in rows]
    columns = guess(POS, header.split(","), cells, mapped or ColumnMap(), mistakes)
    return {role: name for role, name, _ in columns.table()}, [str(each) for each in mistakes.found]


@pytest.mark.parametrize(
    ("header", "roles"),
    [
        ("basket_id,timestamp,product,quantity,net_sales", "basket_id,timestamp,product,quantity,net_sales"),
        ("Bon-Nr.,Zeitpunkt,Warengruppe,Menge,Umsatz", "basket_id,timestamp,product,quantity,net_sales"),
        ("N° ticket,Date heure,Libellé,Quantité,Montant TTC", "basket_id,timestamp,product,quantity,net_sales"),
        ("ID_Ticket,Fecha hora,Artículo,Cantidad,Importe", "basket_id,timestamp,product,quantity,net_sales"),
        ("Transactienummer,Datum/tijd,Artikel,Aantal,Omzet", "basket_id,timestamp,product,quantity,net_sales"),
        ("Bon,Datum,Uhrzeit,Artikel,Stück,Betrag", "basket_id,date,time,product,quantity,net_sales"),
        ("receipt,datetime,item,qty,unit_price", "basket_id,timestamp,product,quantity,price"),
    ],
)
def test_columns_are_known_by_their_usual_names(header: str, roles: str) -> None:
    found, mistakes = guessed(header)
    assert (found, mistakes) == (dict(zip(roles.split(","), header.split(","), strict=True)), [])


def test_no_spelling_means_two_things() -> None:
    words = [word for groups in SPELLINGS.values() for word in {folded(word) for word in " ".join(groups).split()}]
    assert {word for word in words if words.count(word) > 1} == set()


def test_the_category_is_taken_before_the_article_and_its_number() -> None:
    found, mistakes = guessed("bon,zeitpunkt,artikelnummer,artikel,warengruppe,umsatz")
    assert (found["product"], mistakes) == ("warengruppe", [])


def test_a_date_column_with_times_in_it_is_the_timestamp() -> None:
    found, _ = guessed("bon,datum,artikel,umsatz", "1,2026-03-02 18:05,Brot,1.99")
    assert found["timestamp"] == "datum"


def test_a_time_column_beside_a_timestamp_without_times_makes_it_a_date() -> None:
    found, _ = guessed("bon,timestamp,time,artikel,umsatz", "1,2026-03-02,18:05,Brot,1.99")
    assert (found["date"], found["time"], "timestamp" in found) == ("timestamp", "time", False)


def test_the_only_columns_of_times_and_of_amounts_are_found_whatever_their_names() -> None:
    found, mistakes = guessed("bon,wann,artikel,was", "1,2026-03-02 18:05,Brot,1.99", "1,2026-03-02 18:05,Milch,0.99")
    assert (found["timestamp"], found["net_sales"], mistakes) == ("wann", "was", [])


def test_two_candidates_are_not_chosen_between() -> None:
    _, mistakes = guessed("bon,zeitpunkt,artikel,Umsatz,line total")
    assert mistakes == [
        "pos.csv:1:5: columns 'Umsatz' and 'line total' could both be net_sales; say which with --columns, such as "
        "'net_sales: Umsatz'"
    ]


def test_everything_missing_is_told_at_once() -> None:
    _, mistakes = guessed("foo,bar", "1,x")
    assert [each.split(";")[0] for each in mistakes] == [
        "pos.csv:1:1: no column looks like basket_id",
        "pos.csv:1:1: no column looks like net_sales",
        "pos.csv:1:1: no column looks like product",
        "pos.csv:1:1: no column looks like timestamp",
    ]
    assert "name it with --columns, such as 'basket_id: foo' (the header has 'foo', 'bar')" in mistakes[0]


def test_duplicate_names_are_a_mistake() -> None:
    _, mistakes = guessed("bon,zeitpunkt,artikel,umsatz,artikel")
    assert mistakes == ["pos.csv:1:5: column 'artikel' stands twice (also column 3); rename or drop one"]


def test_a_file_without_a_header_is_told_so() -> None:
    _, mistakes = guessed("1,2026-03-02 18:05,4711,1.99")
    assert mistakes == [
        "pos.csv:1:1: the first line has no names; put a header such as basket_id,timestamp,product,… above the rows"
    ]


def read(tmp_path: Path, text: str) -> tuple[ColumnMap, list[str]]:
    path = tmp_path / "map.yaml"
    path.write_text(text)
    mistakes = Mistakes()
    return read_map(path, mistakes), [str(each).removeprefix(f"{path}:") for each in mistakes.found]


def test_the_map_overrides_the_names(tmp_path: Path) -> None:
    mapped, mistakes = read(tmp_path, "net_sales: brutto\nproduct: Artikel\ndecimal: ','\n")
    found, more = guessed("bon,zeitpunkt,warengruppe,artikel,umsatz,Brutto", mapped=mapped)
    assert (found["net_sales"], found["product"], mistakes, more) == ("Brutto", "artikel", [], [])
    assert mapped.settings == {"decimal": ","}


def test_unknown_keys_columns_and_settings_are_mistakes_with_a_remedy(tmp_path: Path) -> None:
    mapped, mistakes = read(tmp_path, "netsales: Umsatz\nproduct: [a]\ndates: Y\nbasket_id: Bno\n")
    assert mistakes == [
        "1:1: unknown key 'netsales'; did you mean 'net_sales'?",
        "2:10: 'product' names no column; write 'product: NAME' with a name of the header",
        "3:8: 'dates' is 'Y'; choose from 'D/M/Y', 'M/D/Y'",
    ]
    _, more = guessed("bon,zeitpunkt,artikel,umsatz", mapped=mapped)
    assert more[0].endswith("map.yaml:4:12: column 'Bno' is not in pos.csv; did you mean 'bon'?")


def test_the_table_says_why() -> None:
    columns: Columns = guess(POS, ["bon", "zeitpunkt", "artikel", "umsatz", "kasse"], [], ColumnMap(), Mistakes())
    assert columns.table()[0] == ("basket_id", "bon", "by its name")
    assert columns.unused == ("kasse",)
