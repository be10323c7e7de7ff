"""Copies for experts: what people see stays, what programs noted beside it goes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, PngImagePlugin

from competition.stripping import NotStripped, shrink, strip
from tests.sound import box, mp4_bytes, pdf_bytes, picture_bytes, zip_bytes

SECRET = "MingYan-Keji"


def jpeg(size: tuple[int, int] = (60, 40), *, turned: bool = False) -> bytes:
    """A photograph with the camera's notes, the maker and a comment; ``turned`` says how to hold it."""
    exif = Image.Exif()
    exif[0x013B] = exif[0x010E] = SECRET
    if turned:
        exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG", exif=exif, comment=SECRET.encode())
    return out.getvalue()


def png() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", SECRET)
    notes.add_itxt("XML:com.adobe.xmp", SECRET)
    out = io.BytesIO()
    Image.new("RGBA", (30, 20), (10, 80, 160, 128)).save(out, "PNG", pnginfo=notes)
    return out.getvalue()


def pdf() -> bytes:
    """One page with a photograph and a remark; the maker's name wherever a PDF can hold it."""
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(200, 200))
        photo = pikepdf.Stream(document, jpeg())
        photo.update(
            {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 60, "/Height": 40}
            | {"/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8}
        )
        photo.Filter = pikepdf.Name.DCTDecode
        photo.PieceInfo = pikepdf.Dictionary(App=pikepdf.Dictionary(Private=SECRET))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=photo))
        page.Contents = pikepdf.Stream(document, b"q 120 0 0 80 20 60 cm /P Do Q")
        page.Thumb = pikepdf.Stream(document, SECRET.encode())
        remark = {"/Type": pikepdf.Name.Annot, "/Subtype": pikepdf.Name.Text, "/Rect": [1, 1, 9, 9]}
        remark |= {"/T": SECRET, "/NM": SECRET, "/Contents": "remark"}
        page.Annots = pikepdf.Array([document.make_indirect(pikepdf.Dictionary(remark))])
        document.docinfo["/Author"] = SECRET
        with document.open_metadata() as notes:
            notes["dc:creator"] = [SECRET]
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{SECRET}')")
        document.attachments["x.txt"] = SECRET.encode()
        out = io.BytesIO()
        document.save(out, compress_streams=False)
    return out.getvalue()


def docx() -> bytes:
    rels = (
        '<Relationships xmlns="x"><Relationship Id="a" Type="t" Target="word/document.xml"/>'
        '<Relationship Id="b" Type="core" Target="docProps/core.xml"/></Relationships>'
    )
    types = '<Types><Override PartName="/docProps/core.xml" ContentType="c"/></Types>'
    body = f'<w:document><w:ins w:id="1" w:author="{SECRET}" w:date="d"><w:t>text</w:t></w:ins></w:document>'
    return zip_bytes(
        {
            "[Content_Types].xml": types.encode(),
            "_rels/.rels": rels.encode(),
            "docProps/core.xml": f"<dc:creator>{SECRET}</dc:creator>".encode(),
            "docProps/thumbnail.jpeg": jpeg(),
            "word/document.xml": body.encode(),
            "word/comments.xml": f'<w:comment w:author="{SECRET}" w:initials="{SECRET}"/>'.encode(),
            "word/media/image1.jpg": jpeg(),
            "word/media/image2.png": png(),
        }
    )


def film() -> bytes:
    told = box(b"udta", box(b"\xa9xyz", SECRET.encode()))
    moov = box(b"moov", box(b"mvhd", b"\x00" * 4 + b"\xdd" * 8 + b"\x00" * 88) + box(b"trak", told) + told)
    return box(b"ftyp", b"isom") + box(b"mdat", b"frames") + moov + box(b"uuid", SECRET.encode() * 2)


def stripped(kind: str, body: bytes, folder: Path) -> bytes:
    source, target = folder / f"in.{kind}", folder / f"out.{kind}"
    source.write_bytes(body)
    strip(kind, source, target)
    return target.read_bytes()


def plain(kind: str, body: bytes) -> bytes:
    """All that can be read in a file: with what is packed in it unpacked."""
    if kind == "pdf":
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(body)) as document:
            document.save(
                out,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
                compress_streams=False,
            )
        return out.getvalue()
    if kind in ("docx", "zip"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return b"".join(
                one.filename.encode() + plain(Path(one.filename).suffix[1:], archive.read(one))
                for one in archive.infolist()
            )
    return body


MADE = {"jpg": jpeg, "png": png, "pdf": pdf, "docx": docx, "mp4": film}


@pytest.mark.parametrize("kind", MADE)
def test_copy_does_not_tell_who_made_it(kind: str, tmp_path: Path) -> None:
    body = MADE[kind]()
    assert SECRET.encode() in plain(kind, body)

    copy = stripped(kind, body, tmp_path)

    assert SECRET.encode() not in plain(kind, copy)


def test_copy_of_an_archive_holds_copies_and_names_what_it_lacks(tmp_path: Path) -> None:
    files = {f"资料/{kind}.{kind}": make() for kind, make in MADE.items()}
    body = zip_bytes({**files, "资料/坏.pdf": b"%PDF-nothing", "说明.txt": "说明".encode()})

    copy = stripped("zip", body, tmp_path)

    assert SECRET.encode() not in plain("zip", copy)
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert set(archive.namelist()) == {*files, "说明.txt", "未能提供的文件.txt"}
        assert archive.read("未能提供的文件.txt").decode("utf-8-sig") == "资料/坏.pdf"
        assert archive.read("说明.txt").decode() == "说明"


def test_pages_of_a_copy_look_as_before(tmp_path: Path) -> None:
    body = pdf()

    copy = stripped("pdf", body, tmp_path)

    with pypdfium2.PdfDocument(body) as before, pypdfium2.PdfDocument(copy) as after:
        assert len(after) == len(before) == 1
        assert after[0].render().to_pil().tobytes() == before[0].render().to_pil().tobytes()
    with pikepdf.open(io.BytesIO(copy)) as document:
        assert "/Info" not in document.trailer
        assert set(document.Root.keys()) <= {"/Type", "/Pages", "/Names"}
        assert str(document.pages[0].Annots[0].Contents) == "remark"


def test_same_file_gives_the_same_copy(tmp_path: Path) -> None:
    assert stripped("pdf", pdf_bytes(), tmp_path) == stripped("pdf", pdf_bytes(), tmp_path)


def test_pictures_keep_how_they_are_held_and_what_shines_through(tmp_path: Path) -> None:
    with Image.open(io.BytesIO(stripped("jpg", jpeg(turned=True), tmp_path))) as picture:
        assert (picture.size, dict(picture.getexif()), "comment" in picture.info) == ((40, 60), {}, False)
    with Image.open(io.BytesIO(stripped("png", png(), tmp_path))) as picture:
        assert (picture.mode, picture.getpixel((3, 3)), picture.info) == ("RGBA", (10, 80, 160, 128), {})


def test_film_keeps_its_length_and_its_frames(tmp_path: Path) -> None:
    body = film()

    copy = stripped("mp4", body, tmp_path)

    assert len(copy) == len(body)
    assert copy.index(b"mdat") == body.index(b"mdat")
    assert b"frames" in copy
    assert b"\xdd" not in copy
    assert stripped("mp4", mp4_bytes(), tmp_path) == mp4_bytes()


def test_document_keeps_its_text_and_loses_its_properties(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(stripped("docx", docx(), tmp_path))) as archive:
        assert b"<w:t>text</w:t>" in archive.read("word/document.xml")
        assert b"docProps" not in archive.read("_rels/.rels") + archive.read("[Content_Types].xml")
        assert b"word/document.xml" in archive.read("_rels/.rels")
        with Image.open(io.BytesIO(archive.read("word/media/image1.jpg"))) as picture:
            assert (picture.size, dict(picture.getexif())) == ((60, 40), {})


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("pdf", b"%PDF-1.7\nnothing"),
        ("jpg", picture_bytes("PNG")),
        ("png", b"\x89PNG\r\n\x1a\nnothing"),
        ("docx", b"PK\x03\x04nothing"),
        ("mp4", b"\x00\x00\xff\xffftypisom"),
        ("zip", b"PK"),
        ("exe", b"MZ"),
    ],
)
def test_broken_file_gives_no_copy(kind: str, body: bytes, tmp_path: Path) -> None:
    with pytest.raises(NotStripped):
        stripped(kind, body, tmp_path)

    assert not (tmp_path / f"out.{kind}").exists()


def test_preview_of_a_picture_is_small_and_on_white(tmp_path: Path) -> None:
    source, target = tmp_path / "in.png", tmp_path / "out.jpg"
    picture = Image.new("RGBA", (4000, 1000), (0, 0, 0, 0))
    picture.save(source, "PNG")

    shrink("png", source, target)

    with Image.open(target) as shown:
        assert (shown.format, shown.size, shown.getpixel((5, 5))) == ("JPEG", (1600, 400), (255, 255, 255))
