"""What we ship of others is what its table says, with its licence."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "static" / "vendor"
ROW = re.compile(r"^\| [^|]+ \| ([\d.]+) \| [^|]+ \| `([^`]+)` \| `([0-9a-f]{64})` \|$", re.M)


def test_every_vendored_file_is_the_one_the_table_names() -> None:
    table = ROW.findall((VENDOR / "README.md").read_text(encoding="utf-8"))
    assert len(table) >= 5
    for version, name, checksum in table:
        assert version in name
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == checksum, name


def test_nothing_is_vendored_without_row_and_licence() -> None:
    named = {name for _, name, _ in ROW.findall((VENDOR / "README.md").read_text(encoding="utf-8"))}
    kept = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    texts = {name for name in kept if Path(name).name in {"LICENSE", "NOTICE", "README.md"}}
    assert kept - texts == named
    assert all((folder / "LICENSE").is_file() for folder in VENDOR.iterdir() if folder.is_dir())


def test_every_icon_a_page_names_is_in_the_sprite() -> None:
    sprite = (VENDOR / "tabler-icons-3.51.0" / "icons.svg").read_text(encoding="utf-8")
    has = set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))
    web = Path(__file__).parent.parent
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (web / "jinja2").rglob("*.html"))
    named = set(re.findall(r'\bicon\("([a-z0-9-]+)"', pages)) | set(re.findall(r'\bempty\("([a-z0-9-]+)"', pages))
    assert len(named) > 20
    assert named <= has, named - has
