"""What is printed for a place: the code as a picture, and a page with it, its link and one plain sentence. Pure."""

import json
from pathlib import Path

import segno
import typst

PAGE = Path(__file__).with_name("place.typ")
SENTENCES = {
    "en": ("Something not right?", "Tell us here. A person reads it and answers you."),
    "de": ("Stimmt etwas nicht?", "Sagen Sie es uns hier. Ein Mensch liest es und antwortet Ihnen."),
    "es": ("¿Algo no está bien?", "Cuéntenoslo aquí. Una persona lo lee y le responde."),
    "fr": ("Quelque chose ne va pas ?", "Dites-le-nous ici. Une personne vous lit et vous répond."),
}


def svg(link: str) -> bytes:
    """The link as a QR code (ISO/IEC 18004, a quarter of it may be dirty), black on white with its quiet zone."""
    code = segno.make(link, error="q", micro=False)
    inline: str = code.svg_inline(scale=8, border=4, dark="#000", light="#fff")
    return inline.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode()


def pdf(link: str, label: str, language: str, brand: str) -> bytes:
    """A page of A5 to hang up. The texts travel as JSON and are never read as markup."""
    title, sentence = SENTENCES.get(language[:2].lower(), SENTENCES["en"])
    shown = link.removeprefix("https://").removeprefix("http://")
    sheet = {
        "title": title,
        "sentence": sentence,
        "link": shown,
        "label": label,
        "brand": brand,
        "code": svg(link).decode(),
    }
    data = json.dumps(sheet, ensure_ascii=False)
    return bytes(typst.compile(str(PAGE), sys_inputs={"sheet": data}, root=str(PAGE.parent)))
