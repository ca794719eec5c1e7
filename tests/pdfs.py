"""Small PDF files to attach, made to order."""

from __future__ import annotations

import io

import pikepdf
from pypdf import PdfReader, PdfWriter

A4 = (595, 842)


def pdf_file(*words: str, size: tuple[int, int] = A4, turned: int = 0) -> bytes:
    """Return a PDF with a page for each word."""
    made = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for word in words:
        page = made.add_blank_page()
        page.MediaBox = pikepdf.Array([0, 0, *size])
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = made.make_stream(f"BT /F1 40 Tf 20 20 Td ({word}) Tj ET".encode())
        page.rotate(turned, relative=False)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_stamp(data: bytes, word: str) -> bytes:
    """Return a PDF with a stamp on its first page, as readers put one there."""
    with pikepdf.open(io.BytesIO(data)) as made:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        look = made.make_stream(f"BT /F1 20 Tf 5 5 Td ({word}) Tj ET".encode())
        look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        look.BBox = pikepdf.Array([0, 0, 100, 30])
        look.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        stamp = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Stamp,
            Rect=pikepdf.Array([300, 300, 400, 330]),
            F=4,
            AP=pikepdf.Dictionary(N=look),
        )
        made.pages[0].Annots = pikepdf.Array([made.make_indirect(stamp)])
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


def encrypted(data: bytes, user: str) -> bytes:
    """Return a PDF protected with a password, which may be empty."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
