from __future__ import annotations

from tests.storage.conftest import postgres_server  # noqa: F401 (a fixture)


def test_a_contract_is_made_and_verified_on_postgresql(cli, monkeypatch, postgres_server, tmp_path):  # noqa: F811
    monkeypatch.setenv("CLAUSEBANK_DATABASE_URL", postgres_server())
    monkeypatch.setenv("CLAUSEBANK_HOME", str(tmp_path / "unused"))
    example = cli("example", "crm-outsourcing").out
    (tmp_path / "answers.yml").write_text(example, "utf-8")
    made = cli("assemble", "crm-outsourcing", "--answers", "answers.yml", "--out", "out", "--json")

    assert made.code == 0
    assert cli("lint", made.json()["contract"]).code == 0
    assert [cli("verify", file["path"]).code for file in made.json()["files"]] == [0, 0]
    assert not (tmp_path / "unused").exists()
