from __future__ import annotations

import pytest


def topics(done):
    return {line["topic"]: line for line in done.json()["topics"]}


@pytest.mark.parametrize("stance", ["client", "provider"])
def test_a_contract_in_one_stance_favours_that_side_in_every_topic(cli, tmp_path, stance):
    (tmp_path / "own.yml").write_text(cli("example", "crm-outsourcing", "--stance", stance).out, "utf-8")
    lines = topics(cli("balance", "crm-outsourcing", "--answers", "own.yml", "--stance", stance, "--json"))

    assert {line["favours"] for line in lines.values()} - {"neutral"} == {stance}
    assert lines["liability"]["favours"] == stance
    assert {w["clause"]: w["stance"] for w in lines["payment"]["wordings"]}["payment.late"] == stance


def test_a_topic_of_its_own_stance_and_typed_figures_are_told_apart(cli, answers):
    text = answers.read_text("utf-8").replace("liability_cap_percent: '100'", "liability_cap_percent: '80'")
    answers.write_text(text, "utf-8")
    done = cli(
        "balance", "crm-outsourcing", "--answers", answers, "--stance-for", "payment=provider", "--json"
    )
    lines = topics(done)
    cap = next(f for f in lines["liability"]["figures"] if f["blank"] == "liability_cap_percent")

    assert lines["payment"]["favours"] == "provider"
    assert (cap["value"], cap["leans"]) == ("80%", "provider")
    assert cap["suggested"] == {"client": "300%", "neutral": "100%", "provider": "50%"}
    assert lines["dispute"]["favours"] == "neutral"


def test_a_stored_contract_and_its_file_tell_the_same(cli, answers):
    made = cli("assemble", "crm-outsourcing", "--answers", answers, "--stance", "client", "--json").json()
    by_id = cli("balance", made["contract"], "--json").json()

    assert by_id == cli("balance", made["files"][0]["path"], "--json").json()
    assert {line["favours"] for line in by_id["topics"]} == {"client", "neutral"}
    text = cli("balance", made["contract"]).out
    assert "责任限制：甲方有利" in text
    assert "责任总额上限：100%（建议：甲方有利 300% / 中立 100% / 乙方有利 50%）" in text
    assert "Liability: favours 甲方" in cli("balance", made["contract"], "--language", "en").out


def test_a_kind_needs_answers_and_something_unknown_is_refused(cli):
    assert cli("balance", "crm-outsourcing").code == 2
    assert cli("balance", "no-such-contract").code == 2
