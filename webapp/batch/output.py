"""What a batch hands out: the files of each row, an index, and both in one streamed ZIP."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from openpyxl import Workbook
from sqlalchemy import select

from clausebank.bank.model import Bilingual, Vocabulary
from clausebank.storage.errors import DamagedFile, MissingFile
from clausebank.storage.files import read_file, write_file
from clausebank.storage.ledger import CHUNK, items_of
from clausebank.storage.ledger_models import RENEWAL, Batch, BatchItem, ItemState
from clausebank.storage.models import Contract, ContractFile
from webapp.batch.sheets import line
from webapp.renewals.summary import SUMMARY, summary_of
from webapp.workspace import Workspace

INDEX = "index.xlsx"
EPOCH = (1980, 1, 1, 0, 0, 0)
PIECE = 64 * 1024
FAULT = ".错误 error.txt"
HEADINGS = (
    ("行号 Row", 12),
    ("合同编号 Number", 24),
    ("标题 Title", 40),
    ("委托方 Client", 32),
    ("服务方 Provider", 32),
    ("状态 State", 16),
    ("文件 Files", 60),
    ("错误 Errors", 12),
    ("警告 Warnings", 12),
    ("问题 Problems", 60),
    ("合同 id Contract id", 40),
    ("尝试次数 Attempts", 12),
    ("摘要 SHA-256", 70),
)
STATES = {
    ItemState.WAITING: "未处理 waiting",
    ItemState.WORKING: "处理中 working",
    ItemState.DONE: "完成 done",
    ItemState.FAILED: "失败 failed",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A row of a batch as it is now, with its contract and the keys of its files by name."""

    item: BatchItem
    contract: Contract | None
    files: dict[str, ContractFile]


def rows_of(place: Workspace, batch_id: UUID) -> Iterator[Made]:
    """Yield the rows of a batch in order, holding only a few at a time."""
    with place.database.reading() as session:
        chunk: list[BatchItem] = []
        for item in items_of(session, batch_id):
            chunk.append(item)
            if len(chunk) == CHUNK:
                yield from _made(place, chunk)
                chunk = []
        yield from _made(place, chunk)


def _made(place: Workspace, items: list[BatchItem]) -> Iterator[Made]:
    ids = [item.contract_id for item in items if item.contract_id]
    with place.database.reading() as session:
        contracts = {c.id: c for c in session.scalars(select(Contract).where(Contract.id.in_(ids)))}
        files: dict[UUID, list[ContractFile]] = {}
        for file in session.scalars(select(ContractFile).where(ContractFile.contract_id.in_(ids))):
            files.setdefault(file.contract_id, []).append(file)
    for item in items:
        held = files.get(item.contract_id, []) if item.contract_id else []
        contract = contracts.get(item.contract_id) if item.contract_id else None
        yield Made(item, contract, {f"{item.name}.{file.format}": file for file in held})


def write_folder(place: Workspace, batch_id: UUID, folder: Path) -> int:
    """Write the files of a batch and its index into a folder; returns how many files are new there."""
    count = 0
    for made in rows_of(place, batch_id):
        for name, file in made.files.items():
            path = folder / name
            if not (path.is_file() and path.stat().st_size == file.size):
                write_file(path, read_file(place.files, file.path, file.sha256))
                count += 1
    for name, data in overviews(place, batch_id):
        write_file(folder / name, data)
    return count


def overviews(place: Workspace, batch_id: UUID) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of what tells about a batch as a whole: its index, of renewals a summary."""
    yield INDEX, index_of(place, batch_id)
    with place.database.reading() as session:
        renews = session.get_one(Batch, batch_id).kind == RENEWAL
    if renews:
        rows = ((made.item.plan, _state(made)) for made in rows_of(place, batch_id))
        yield SUMMARY, summary_of((plan["summary"], state) for plan, state in rows if plan)


def index_of(place: Workspace, batch_id: UUID) -> bytes:
    """Return the list of all rows as XLSX: what was made, and why what was not."""
    book = Workbook(write_only=True)
    page = book.create_sheet("批次 Batch")
    for number, (_, width) in enumerate(HEADINGS):
        page.column_dimensions[chr(ord("A") + number)].width = width
    page.freeze_panes = "A2"
    page.append(line(page, [heading for heading, _ in HEADINGS], head=True))
    for made in rows_of(place, batch_id):
        page.append(line(page, _index_row(made, place.bank.vocabulary)))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _index_row(made: Made, vocabulary: Vocabulary) -> list[object]:
    item, contract = made.item, made.contract
    answers = contract.answers if contract else item.answers
    return [
        item.key,
        contract.number if contract else answers.get("contract_number", ""),
        contract.title if contract else "",
        *(_party(answers.get(role)) for role in ("client", "provider")),
        _state(made),
        "\n".join(sorted(made.files)),
        item.findings.get("error", 0),
        item.findings.get("warning", 0),
        problems_text(item, vocabulary),
        str(item.contract_id or ""),
        item.attempts,
        item.output_sha256,
    ]


def _state(made: Made) -> str:
    draft = "（草稿 draft）" if made.contract and made.contract.state == "draft" else ""
    return f"{STATES[ItemState(made.item.state)]}{draft}"


def _party(company: object) -> object:
    return company.get("name", "") if isinstance(company, dict) else ""


def problems_text(item: BatchItem, vocabulary: Vocabulary, languages: Sequence[str] = ("zh", "en")) -> str:
    """Return why a row failed, one line for each problem, in these languages."""
    said = ((path, problem) for path, problems in item.problems.items() for problem in problems)
    return "\n".join(
        " ".join(
            _problem(vocabulary.label(path) if path else None, problem, language) for language in languages
        )
        for path, problem in said
    )


def _problem(label: Bilingual | None, problem: Mapping[str, str], language: str) -> str:
    colon = "：" if language == "zh" else ": "
    return f"{label[language]}{colon}{problem[language]}" if label else problem[language]


# --- one ZIP -------------------------------------------------------------------------------------


class _Pipe(io.RawIOBase):
    """Takes what a ZIP writer writes and gives it away piece by piece."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self.pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        data = b"".join(self.pieces)
        self.pieces.clear()
        return data


def stream_zip(place: Workspace, batch_id: UUID) -> Iterator[bytes]:
    """Yield a ZIP of all files and the index; no file is in memory as a whole."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as package:
        for made in rows_of(place, batch_id):
            for name, file in sorted(made.files.items()):
                for _ in _add(package, place, name, file):
                    yield pipe.take()
        for name, data in overviews(place, batch_id):
            package.writestr(zipfile.ZipInfo(name, EPOCH), data)
    yield pipe.take()


def _add(package: zipfile.ZipFile, place: Workspace, name: str, file: ContractFile) -> Iterator[None]:
    """Add a file piece by piece; one that is missing or damaged is named instead and stops no other."""
    try:
        stream = place.files.open(file.path, file.sha256)
    except (MissingFile, DamagedFile) as error:
        package.writestr(zipfile.ZipInfo(f"{name}{FAULT}", EPOCH), f"{error.zh}\n{error.en}\n")
        yield
        return
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.file_size = file.size
    with stream, package.open(entry, "w") as target:
        while piece := stream.read(PIECE):
            target.write(piece)
            yield


def failures(place: Workspace, batch_id: UUID, language: str, most: int) -> Iterator[tuple[str, str]]:
    """Yield the first rows that failed and why."""
    query = select(BatchItem).where(BatchItem.batch_id == batch_id, BatchItem.state == ItemState.FAILED.value)
    with place.database.reading() as session:
        for item in session.scalars(query.order_by(BatchItem.number).limit(most)):
            yield item.key, problems_text(item, place.bank.vocabulary, [language])
