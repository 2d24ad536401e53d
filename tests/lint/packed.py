"""Files as office programs and archivers pack them, for the tests of what is attached."""

from __future__ import annotations

import io
import zipfile

TYPES = "<Types/>"


def zipped(**files: str | bytes) -> bytes:
    """A ZIP archive; ``__`` in a name stands for a slash."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return held.getvalue()


def docx(body: str, creator: str = "") -> bytes:
    """A document of a word processor, and who it says made it."""
    core = f"<cp:coreProperties><dc:creator>{creator}</dc:creator></cp:coreProperties>"
    return zipped(**{"[Content_Types].xml": TYPES, "docProps/core.xml": core, "word/document.xml": body})


def locked(content: bytes) -> bytes:
    """The same archive with the sign of encryption on each of its files."""
    marked = bytearray(content)
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = marked.find(signature)
        while at >= 0:
            marked[at + flag] |= 1
            at = marked.find(signature, at + 4)
    return bytes(marked)
