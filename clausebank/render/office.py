"""LibreOffice as the other maker of PDF, for shells whose look our own layout does not know.

Each job has a profile of its own and a hard time limit; at the limit its whole process group is killed.
What a file refers to outside itself is taken out first, so nothing is fetched.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from clausebank.errors import BilingualError
from clausebank.render._docx.package import member, package

if TYPE_CHECKING:
    import pikepdf

SECONDS, AT_ONCE = 120, 2
DATE = "D:20000101000000Z"
_FILTER = (
    'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"3"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"},"PDFUACompliance":{"type":"boolean","value":"true"},'
    '"ExportBookmarks":{"type":"boolean","value":"true"}}'
)
_EXTERNAL = re.compile(rb'<Relationship\b(?![^>]*/hyperlink")[^>]*TargetMode="External"[^>]*/>')
_pool = BoundedSemaphore(AT_ONCE)


class OfficeError(BilingualError):
    """LibreOffice could not make the PDF; says why, in both languages."""


def office_pdf(word: bytes, *, manifest: bytes | None = None, seconds: float = SECONDS) -> bytes:
    """Return the PDF LibreOffice makes of a Word file, with the manifest attached."""
    program = shutil.which("soffice")
    if program is None:
        zh = "没有安装 LibreOffice：请安装 libreoffice-writer-nogui，或者不用 --engine libreoffice"
        raise OfficeError(
            zh, "LibreOffice is missing: install libreoffice-writer-nogui or leave --engine libreoffice out"
        )
    with _pool, TemporaryDirectory(prefix="clausebank-") as folder:
        return _steady(_converted(program, without_links(word), Path(folder), seconds), manifest)


def without_links(word: bytes) -> bytes:
    """Return a Word file that refers to nothing outside itself but by hyperlinks."""
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        return package(
            member(
                name, _EXTERNAL.sub(b"", archive.read(name)) if name.endswith(".rels") else archive.read(name)
            )
            for name in archive.namelist()
        )


def _converted(program: str, word: bytes, folder: Path, seconds: float) -> bytes:
    (folder / "contract.docx").write_bytes(word)
    command = [
        program,
        "--headless",
        "--norestore",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--convert-to", _FILTER, "--outdir", str(folder), str(folder / "contract.docx")),
    ]
    _run(command, folder, seconds)
    made = folder / "contract.pdf"
    if not made.is_file():  # LibreOffice exits with 0 also when it fails
        raise OfficeError("LibreOffice 没有生成 PDF", "LibreOffice made no PDF")
    return made.read_bytes()


def _run(command: list[str], folder: Path, seconds: float) -> None:
    """Run a program in a group of its own; the whole group ends at the time limit."""
    quiet = subprocess.DEVNULL
    environment = {"HOME": str(folder), "PATH": os.pathsep.join(os.get_exec_path()), "LANG": "C.UTF-8"}
    with subprocess.Popen(  # noqa: S603 (a program found by its name, no shell)
        command, cwd=folder, env=environment, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            zh = f"LibreOffice 超过 {seconds:g} 秒没有完成"
            raise OfficeError(zh, f"LibreOffice did not finish within {seconds:g} seconds") from error
        finally:
            _end_group(process.pid)


def _end_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _steady(pdf: bytes, manifest: bytes | None) -> bytes:
    """Attach the manifest and take out dates and ids, so that the same input makes the same bytes."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as made:
        for key in {"/CreationDate", "/ModDate"} & set(made.docinfo.keys()):
            made.docinfo[key] = DATE
        with made.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            for key in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
                if key in metadata:
                    metadata[key] = "2000-01-01T00:00:00Z"
        for key in {"/DocChecksum", "/ID"} & set(made.trailer.keys()):
            del made.trailer[key]
        _set_back_colour_profiles(made)
        if manifest is not None:
            _attach(made, manifest)
        out = io.BytesIO()
        made.save(out, deterministic_id=True)
    return out.getvalue()


def _set_back_colour_profiles(pdf: pikepdf.Pdf) -> None:
    """Take out when the colour profile was made, which LibreOffice does anew each time."""
    import pikepdf

    for held in pdf.objects:
        if isinstance(held, pikepdf.Stream) and "/N" in held:
            profile = held.read_bytes()
            if profile[36:40] == b"acsp":
                held.write(profile[:24] + bytes(12) + profile[36:])


def _attach(pdf: pikepdf.Pdf, manifest: bytes) -> None:
    import pikepdf

    spec = pikepdf.AttachedFileSpec(
        pdf,
        manifest,
        filename="manifest.json",
        description="组成清单",
        mime_type="application/json",
        creation_date=DATE,
        mod_date=DATE,
    )
    spec.relationship = pikepdf.Name.Source
    pdf.attachments["manifest.json"] = spec
    pdf.Root.AF = pikepdf.Array([spec.obj])
