"""Putting the pages of attached files into the places the layout keeps for them.

The layout draws a one-pixel picture, described for screen readers, wherever a page goes. Here each
picture is exchanged for the page, so numbers, footers, bookmarks and the tag tree stay as laid out.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import pikepdf

from clausebank.uploads import Upload, shown_box


def merge(laid_out: bytes, uploads: Sequence[Upload]) -> bytes:
    """Return the PDF with the pages of the uploads in place, in order; same input, same bytes."""
    with pikepdf.open(io.BytesIO(laid_out)) as pdf:
        for (page, name), form in zip(_places(pdf), _forms(pdf, uploads), strict=True):
            page.obj.Resources = pikepdf.Dictionary(dict(page.Resources.items()))
            page.Resources.XObject = pikepdf.Dictionary({name: form})
        _make_no_promise(pdf)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _places(pdf: pikepdf.Pdf) -> Iterator[tuple[pikepdf.Page, str]]:
    """Yield the pictures in page order: a contract has no others, and one to a page."""
    for page in pdf.pages:
        if "/XObject" in page.Resources:
            (name,) = page.Resources.XObject.keys()
            yield page, name


def _forms(pdf: pikepdf.Pdf, uploads: Sequence[Upload]) -> Iterator[pikepdf.Object]:
    """Yield each page as a form of one unit by one, stamps and filled fields drawn into it."""
    for upload in uploads:
        with pikepdf.open(io.BytesIO(upload.data), suppress_warnings=True) as source:
            source.generate_appearance_streams()
            source.flatten_annotations("print")
            for page in source.pages:
                yield _unit(pdf.copy_foreign(page.as_form_xobject()))


def _unit(form: pikepdf.Object) -> pikepdf.Object:
    left, bottom, right, top = shown_box(form)
    shown = pikepdf.Matrix(form.get("/Matrix", pikepdf.Array([1, 0, 0, 1, 0, 0])))
    moved = shown @ pikepdf.Matrix().translated(-left, -bottom)
    form.Matrix = (moved @ pikepdf.Matrix(1 / (right - left), 0, 0, 1 / (top - bottom), 0, 0)).as_array()
    return form


def _make_no_promise(pdf: pikepdf.Pdf) -> None:
    """Take the claim to the archive level back: nobody knows what the attached pages hold."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for name in ("pdfaid:part", "pdfaid:conformance", "pdfaid:rev"):
            if name in metadata:
                del metadata[name]
