from __future__ import annotations

import zipfile

import pytest
from openpyxl import load_workbook

from tests.batch.conftest import KIND
from tests.batch.forms import Form
from tests.cli.conftest import cli, home  # noqa: F401 (fixtures)

FORMATS = ("--formats", "txt,docx")


@pytest.fixture
def rows(cli, tmp_path, monkeypatch):  # noqa: F811
    """A form with three good rows, filled from the command line's own form."""
    monkeypatch.setenv("CLAUSEBANK_BATCH_ENGINE", "inline")
    assert cli("batch-form", KIND, "form.xlsx").code == 0
    form = Form((tmp_path / "form.xlsx").read_bytes())
    for row in range(3):
        form.copy_example(row, f"R{row}")
        form.put(row, contract_number=f"N-{row}", client__name=f"客户{row}公司")

    def save(name: str = "rows.xlsx") -> Form:
        (tmp_path / name).write_bytes(form.save())
        return form

    save()
    form.save_as = save
    return form


def test_every_good_row_becomes_files_with_an_index(cli, rows, tmp_path):  # noqa: F811
    done = cli(
        "batch", KIND, "rows.xlsx", "--out", "out", *FORMATS, "--name", "{row} {client.name}", "--json"
    )
    made = sorted(path.name for path in (tmp_path / "out").iterdir())
    index = list(load_workbook(tmp_path / "out" / "index.xlsx").active.values)

    assert done.code == 0
    assert done.json()["done"] == 3
    assert made == sorted(
        ["index.xlsx", *(f"R{n} 客户{n}公司.{form}" for n in range(3) for form in ("docx", "txt"))]
    )
    assert [line[1] for line in index[1:]] == ["N-0", "N-1", "N-2"]
    assert "客户1公司" in (tmp_path / "out" / "R1 客户1公司.txt").read_text("utf-8")
    assert cli("verify", tmp_path / "out" / "R1 客户1公司.docx").code == 0


def test_bad_rows_stop_it_until_they_are_skipped(cli, rows, tmp_path):  # noqa: F811
    rows.put(1, fee_total="很多")
    rows.save_as()
    refused = cli("batch", KIND, "rows.xlsx", "--out", "out", *FORMATS, "--report", "report.xlsx")
    cell = rows.cell(1, "fee_total").coordinate

    assert refused.code == 2
    assert cell in refused.err
    assert not (tmp_path / "out").exists()
    assert load_workbook(tmp_path / "report.xlsx")["合同 Contracts"][cell].comment

    skipped = cli("batch", KIND, "rows.xlsx", "--out", "out", *FORMATS, "--skip-bad", "--json")
    assert skipped.code == 1
    assert (skipped.json()["done"], skipped.json()["bad"]) == (2, 1)
    assert [problem["cell"] for problem in skipped.json()["problems"]] == [cell]


def test_one_zip_holds_what_the_folder_holds(cli, rows, tmp_path):  # noqa: F811
    cli("batch", KIND, "rows.xlsx", "--out", "out", "--zip", "all.zip", *FORMATS)
    with zipfile.ZipFile(tmp_path / "all.zip") as package:
        assert package.testzip() is None
        held = {name: package.read(name) for name in package.namelist()}

    for path in (tmp_path / "out").iterdir():
        if path.suffix != ".xlsx":
            assert held[path.name] == path.read_bytes()
    assert set(held) == {path.name for path in (tmp_path / "out").iterdir()}


def test_files_of_the_same_name_are_numbered(cli, rows, tmp_path):  # noqa: F811
    assert cli("batch", KIND, "rows.xlsx", "--out", "out", "--formats", "txt", "--name", "{kind}").code == 0

    assert sorted(path.name for path in (tmp_path / "out").glob("*.txt")) == [
        f"{KIND} (2).txt", f"{KIND} (3).txt", f"{KIND}.txt",
    ]  # fmt: skip


def test_no_cell_of_the_index_is_a_formula(cli, rows, tmp_path):  # noqa: F811
    rows.put(0, client__name="＝公司", contract_number="+1")
    rows.cell(1, "client.name").value = "=cmd()"
    rows.cell(1, "client.name").data_type = "s"
    rows.save_as()
    assert cli("batch", KIND, "rows.xlsx", "--out", "out", "--formats", "txt", "--name", "{row}").code == 0
    cells = [c for line in load_workbook(tmp_path / "out" / "index.xlsx").active.iter_rows() for c in line]

    assert "=cmd()" in {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]


@pytest.mark.parametrize("pattern", ["{nothing}", "same", "{client.__class__}"])
def test_a_pattern_nobody_can_fill_is_refused(cli, rows, pattern):  # noqa: F811
    assert cli("batch", KIND, "rows.xlsx", "--name", pattern).code == 2


def test_a_batch_is_cancelled_resumed_paused_and_exported(cli, rows):  # noqa: F811
    made = cli("batch", KIND, "rows.xlsx", "--out", "out", "--formats", "txt", "--json").json()

    assert cli("batches", "cancel", made["batch"], "--json").json()["state"] == "cancelled"
    assert cli("batches", "resume", made["batch"], "--json").json()["state"] == "running"
    assert cli("batches", "pause", made["batch"], "--json").json()["state"] == "paused"
    assert cli("batches", "export", made["batch"], "--zip", "one.zip").code == 0
    assert made["batch"] in {one["batch"] for one in cli("batches", "list", "--json").json()}


def test_an_unknown_batch_is_refused(cli):  # noqa: F811
    assert cli("batches", "resume", "00000000-0000-0000-0000-000000000000").code == 2
    assert cli("batches", "resume", "x").code == 2
