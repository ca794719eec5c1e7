from __future__ import annotations

from clausebank.storage.migrate import newest_revision
from tests.storage.libraries import FEES, small_library


def test_clauses_can_be_listed_by_topic(cli):
    rows = cli("clauses", "list", "--topic", "payment", "--json").json()

    assert rows
    assert {row["topic"] for row in rows} == {"payment"}
    lines = cli("clauses", "list", "--topic", "payment").out.splitlines()
    assert [line.split("\t")[0] for line in lines if "\t" in line] == [row["id"] for row in rows]


def test_the_clauses_of_a_topic_are_listed_with_their_ladder(cli):
    listed = cli("clauses", "list", "--topic", "payment").out
    row = next(r for r in cli("clauses", "list", "--json").json() if r["id"] == "payment.late")
    grace = next(figure for figure in row["figures"] if figure["blank"] == "late_payment_grace")

    assert grace["suggested"] == {"client": "10个工作日", "neutral": "5个工作日", "provider": "3个工作日"}
    assert "逾期付款宽限期：client 10个工作日 / neutral 5个工作日 / provider 3个工作日" in listed
    assert row["notes"]["zh"].strip() in listed
    assert "让步顺序" in row["notes"]["zh"]
    english = cli("clauses", "list", "--topic", "payment", "--language", "en").out
    assert row["notes"]["en"].strip() in english
    assert "late_payment" not in cli("clauses", "list").out


def test_a_clause_is_shown_with_all_its_texts(cli):
    found = cli("clauses", "show", "liability.cap", "--json").json()

    assert [variant["stance"] for variant in found["variants"]] == ["client", "neutral", "provider"]
    assert all(variant["text"] for variant in found["variants"])
    text = cli("clauses", "show", "liability.cap", "--stance", "client").out
    assert found["variants"][0]["text"].strip() in text
    assert found["variants"][1]["text"].strip() not in text


def test_the_shipped_bank_has_no_findings(cli):
    done = cli("bank", "check", "--json")

    assert (done.code, done.json()) == (0, {"findings": []})


def test_findings_on_files_name_the_file_the_line_and_the_text(cli, tmp_path):
    small_library(tmp_path / "own", fees__total=FEES.replace("{{fee_total}}。", "{{fee_total}。"))
    done = cli("bank", "check", "own")

    assert done.code == 1
    first, snippet = done.out.splitlines()[:2]
    assert first.startswith("own/library/fees/fees.total.md:13: 错误: ")
    assert "fee_total" in snippet


def test_texts_with_errors_are_not_loaded(cli, tmp_path):
    small_library(tmp_path / "own", fees__total=FEES.replace("{{fee_total}}。", "{{fee_total}。"))
    done = cli("bank", "load", "own")

    assert done.code == 2
    assert "fees.total.md:13" in done.err


def test_the_bank_survives_export_edit_and_load(cli, tmp_path, monkeypatch):
    monkeypatch.setenv("CLAUSEBANK_HOME", str(tmp_path / "home"))
    assert cli("bank", "export", "texts").code == 0
    nothing = {"new_versions": 0, "drafts": [], "changes": []}
    assert cli("bank", "load", "texts", "--json").json() == nothing

    path = tmp_path / "texts" / "library" / "general" / "general.effect.md"
    path.write_text(path.read_text("utf-8") + "\n双方另行确认本条内容。\n", "utf-8")
    tried = cli("bank", "load", "texts", "--dry-run")
    assert tried.code == 1
    assert "+ 双方另行确认本条内容。" in tried.out
    assert cli("clauses", "drafts", "--json").json() == []

    loaded = cli("bank", "load", "texts", "--by", "王律师", "--json").json()
    (draft,) = loaded["drafts"]
    assert loaded["new_versions"] == 0
    assert cli("bank", "load", "texts", "--by", "王律师", "--json").json()["drafts"] == []
    (row,) = cli("clauses", "drafts", "--json").json()
    assert (row["name"], row["author"], row["note"]) == (draft, "王律师", "bank load texts")
    assert "双方另行" not in cli("clauses", "show", "general.effect").out

    assert cli("clauses", "submit", draft, "--by", "王律师").code == 0
    assert cli("clauses", "approve", draft, "--by", "李审核").code == 0
    assert "双方另行" in cli("clauses", "show", "general.effect").out
    assert cli("bank", "load", "--json").json() == nothing


def test_edited_texts_come_into_force_at_once_when_a_reviewer_is_named(cli, tmp_path, monkeypatch):
    monkeypatch.setenv("CLAUSEBANK_HOME", str(tmp_path / "home"))
    cli("bank", "export", "texts")
    path = tmp_path / "texts" / "library" / "general" / "general.effect.md"
    path.write_text(path.read_text("utf-8") + "\n双方另行确认本条内容。\n", "utf-8")
    alone = cli("bank", "load", "texts", "--by", "王律师", "--reviewer", "王律师")

    assert alone.code == 2
    assert cli("clauses", "drafts", "--json").json() == []
    done = cli("bank", "load", "texts", "--by", "王律师", "--reviewer", "李审核", "--json").json()
    assert (done["new_versions"], done["drafts"]) == (1, [])
    assert "双方另行" in cli("clauses", "show", "general.effect").out


def test_the_database_is_upgraded_on_its_own(cli, tmp_path, monkeypatch):
    monkeypatch.setenv("CLAUSEBANK_HOME", str(tmp_path / "home"))
    done = cli("db", "upgrade", "--json")

    assert done.json() == {"revision": newest_revision()}
    assert (tmp_path / "home" / "clausebank.db").is_file()
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0


def test_loading_the_shipped_texts_tells_how_many_are_new(cli, tmp_path, monkeypatch):
    monkeypatch.setenv("CLAUSEBANK_HOME", str(tmp_path / "home"))
    first, second = (cli("bank", "load", "--json").json()["new_versions"] for _ in range(2))

    assert first > len(cli("clauses", "list", "--json").json())
    assert second == 0


def test_the_home_folder_may_have_any_name(cli, tmp_path, monkeypatch):
    home = tmp_path / "合同 库?a=b#c%20"
    monkeypatch.setenv("CLAUSEBANK_HOME", str(home))

    assert cli("db", "upgrade").code == 0
    assert (home / "clausebank.db").is_file()
