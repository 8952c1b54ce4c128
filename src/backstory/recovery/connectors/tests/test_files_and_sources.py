"""Files for finance, and reading from the company's database."""

import csv
import io
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from backstory.kernel.errors import InvalidInput
from backstory.kernel.money import Money
from backstory.recovery.connectors import Misconfigured, Order, hand_over, sql

pytestmark = pytest.mark.once


def order(key: str, amount: str, recipient: str = "Maya Lind") -> Order:
    return Order(key, Money(Decimal(amount), "EUR"), recipient, "refund", "C-0001")


def test_a_file_has_a_line_a_payment_and_the_sum_at_its_end() -> None:
    data = hand_over.written("B-00007", [order("k1", "25.00"), order("k2", "0.10", '=HYPERLINK("http://x")')])
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == list(hand_over.COLUMNS)
    assert rows[2][5] == '\'=HYPERLINK("http://x")'
    assert rows[-1] == ["B-00007", "TOTAL", "2", "", "", "", "25.10", "EUR"]


def test_finances_answer_is_read_with_commas_or_semicolons() -> None:
    lines = hand_over.answered(b"Key;State;Reference;Amount;Currency\nk1;paid;SEPA-1;25,00;EUR\nk2;refused;;;\n")
    assert [(line.key, line.paid, line.reference) for line in lines] == [("k1", True, "SEPA-1"), ("k2", False, "")]
    assert lines[0].money == Money(Decimal("25.00"), "EUR")
    assert hand_over.answered("key,state\nk1,bezahlt\n".encode("utf-8-sig"))[0].paid


@pytest.mark.parametrize("data", [b"name,amount\nx,1\n", b"key,state\nk1,perhaps\n", b"\xff\xfe\x00", b""])
def test_an_answer_that_is_none_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        hand_over.answered(data)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("create table orders (number, email, total, payment)")
        shop.executemany(
            "insert into orders values (?, ?, ?, ?)",
            [(f"O-{number}", "maya@customer.example", 25 + number, f"pi_{number}") for number in range(30)],
        )
    shop.close()
    return tmp_path


def settings(statement: str, **more) -> sql.Settings:
    return sql.read_settings({"database": "sqlite", "name": "shop.db", "statement": statement, **more})


def test_a_source_answers_with_some_rows_and_says_that_there_were_more(folder: Path) -> None:
    asks = settings("select number, total from orders where email = :email order by total desc;", most_rows=3)
    found = sql.read(asks, "", {"email": "maya@customer.example"}, folder)
    assert found.columns == ["number", "total"]
    assert found.rows == [["O-29", "54"], ["O-28", "53"], ["O-27", "52"]]
    assert found.cut
    assert sql.read(asks, "", {"email": "' or 1=1 --"}, folder).rows == []


@pytest.mark.parametrize(
    "statement",
    [
        "delete from orders where email = :email",
        "select 1 where :email = 1; drop table orders",
        "select * from orders",
        "select * from orders where name = :name",
        "pragma table_info(orders)",
    ],
)
def test_statements_that_do_more_than_ask_are_refused(statement: str) -> None:
    with pytest.raises(Misconfigured):
        settings(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "with gone as (select :email) insert into orders select 1, 2, 3, 4 from gone",
        "select load_extension(:email)",
        "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n where x <> :email",
    ],
)
def test_what_slips_through_cannot_write_nor_run_for_long(folder: Path, statement: str) -> None:
    with pytest.raises(sql.SourceAway):
        sql.read(settings(statement, seconds=0.2), "", {"email": "x"}, folder)


@pytest.mark.parametrize("name", ["../backstory.sqlite3", "/etc/passwd", "sub/shop.db"])
def test_only_files_in_the_folder_of_sources_are_read(name: str) -> None:
    with pytest.raises(Misconfigured):
        sql.read_settings({"database": "sqlite", "name": name, "statement": "select :email"})


def test_a_link_out_of_the_folder_is_no_source(folder: Path) -> None:
    (folder / "other.db").symlink_to(folder / "shop.db")
    with pytest.raises(sql.SourceAway):
        sql.read(
            sql.read_settings({"database": "sqlite", "name": "other.db", "statement": "select :email"}), "", {}, folder
        )
