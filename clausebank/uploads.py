"""PDF files the parties attach: checked when they come in, so that nothing fails later."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from clausebank.errors import BilingualError

LONGEST_SIDE, SHORTEST_SIDE = 14400, 36
"""Sides of a page in points; the longest is what PDF allows, 5 m."""


class RefusedFile(BilingualError):  # noqa: N818 (reads better without Error)
    """A file that came in cannot be used; says why, in both languages."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an attached file may be."""

    megabytes: int = 20
    pages: int = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """An attached PDF and the width and height of each page in points, as shown."""

    data: bytes
    sizes: tuple[tuple[float, float], ...]

    @property
    def sha256(self) -> str:
        """The digest of the file."""
        return hashlib.sha256(self.data).hexdigest()


def read_upload(data: bytes, limits: Limits) -> Upload:
    """Check an attached PDF; RefusedFile when it is none, encrypted, damaged or too large."""
    if len(data) > limits.megabytes * 1024 * 1024:
        zh, en = f"文件超过 {limits.megabytes} MB", f"the file is larger than {limits.megabytes} MB"
        raise RefusedFile(zh, en)
    if not data.startswith(b"%PDF-"):
        raise RefusedFile("不是 PDF 文件", "not a PDF file")
    with _careful():
        sizes = _sizes(data, limits)
    if not all(SHORTEST_SIDE <= side <= LONGEST_SIDE for size in sizes for side in size):
        raise RefusedFile("有页面过大或者过小，无法排入", "a page is too large or too small to be placed")
    return Upload(data, sizes)


def _sizes(data: bytes, limits: Limits) -> tuple[tuple[float, float], ...]:
    import pikepdf

    with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
        if pdf.is_encrypted:
            raise _encrypted()
        if not 0 < len(pdf.pages) <= limits.pages:
            zh = f"共 {len(pdf.pages)} 页，应为 1 至 {limits.pages} 页"
            raise RefusedFile(zh, f"it has {len(pdf.pages)} pages; 1 to {limits.pages} are taken")
        return tuple(shown_size(page.as_form_xobject()) for page in pdf.pages)


def shown_size(form: object) -> tuple[float, float]:
    """Return the width and height of a page made a form, as it is shown: turned and scaled."""
    left, bottom, right, top = shown_box(form)
    return right - left, top - bottom


def shown_box(form: object) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of a page made a form, as it is shown."""
    import pikepdf

    assert isinstance(form, pikepdf.Object)
    box = pikepdf.Rectangle(pikepdf.Array(form.BBox))
    turned = pikepdf.Matrix(form.get("/Matrix", pikepdf.Array([1, 0, 0, 1, 0, 0]))).transform(box)
    return float(turned.llx), float(turned.lly), float(turned.urx), float(turned.ury)


def _encrypted() -> RefusedFile:
    return RefusedFile(
        "文件已加密，请解除密码保护后再附入",
        "the file is encrypted: remove its protection and attach it again",
    )


@contextmanager
def _careful() -> Iterator[None]:
    """Turn whatever a damaged file does to its reader into RefusedFile."""
    import pikepdf

    try:
        yield
    except RefusedFile:
        raise
    except pikepdf.PasswordError as error:
        raise _encrypted() from error
    except Exception as error:
        zh = "文件已损坏，请用阅读器打开后另存或者打印为 PDF 再附入"
        en = "the file is damaged: open it in a reader, save or print it as PDF, and attach that"
        raise RefusedFile(zh, en) from error
