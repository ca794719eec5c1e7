"""Real LibreOffice and poppler, for tests that look at pages."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

needs_office = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")),
    reason="LibreOffice or poppler is not installed",
)


def to_pdf(folder: Path, **files: bytes) -> dict[str, Path]:
    """Convert Word files to PDF in one LibreOffice run; LibreOffice exits 0 on failure, so look."""
    for name, data in files.items():
        (folder / f"{name}.docx").write_bytes(data)
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
            *("--convert-to", "pdf", "--outdir", str(folder)),
            *(str(folder / f"{name}.docx") for name in files),
        ],
        check=True,
        timeout=180,
        capture_output=True,
        env=os.environ | {"HOME": str(folder)},
    )
    result = {name: folder / f"{name}.pdf" for name in files}
    assert all(path.stat().st_size for path in result.values())
    return result


def page_texts(pdf: Path, *, margins: bool = False) -> list[str]:
    """Return the text of each page, without header and footer unless asked for."""
    crop = () if margins else ("-x", "0", "-y", "65", "-W", "596", "-H", "712")
    words = ["pdftotext", "-raw", *crop, str(pdf), "-"]
    return subprocess.run(words, check=True, capture_output=True).stdout.decode().split("\f")[:-1]


def squeezed(text: str) -> str:
    """Return a text without what only lays it out: blanks, line feeds, cell borders, leaders."""
    return re.sub(r"\.{4,}", "", "".join(text.replace(" | ", "").split()))


def grey_pages(pdf: Path) -> list[bytes]:
    """Return the pixels of each page, one byte each, small."""
    raw = subprocess.run(["pdftoppm", "-gray", "-r", "20", str(pdf)], check=True, capture_output=True).stdout
    pages = []
    while raw:
        magic, width, height, _, rest = re.match(
            rb"(P5)\s+(\d+)\s+(\d+)\s+(255)\s(.*)", raw, re.DOTALL
        ).groups()
        assert magic == b"P5"
        size = int(width) * int(height)
        pages.append(rest[:size])
        raw = rest[size:]
    return pages
