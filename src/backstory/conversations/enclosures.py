"""Which files may go with a letter. Pure."""

import re

MOST_FILES = 25
REFUSED = re.compile(
    r"\.(?:ade|adp|apk|appx|bat|cab|chm|cmd|com|cpl|dll|dmg|exe|hta|ins|isp|iso|jar|jse?|lib|lnk|mde|ms[cipt]|msix|nsh|pif|"
    r"ps1|reg|sc[rt]|shb|sys|vb[es]?|vhd|vxd|ws[cfh]|xll)[ .]*$",
    re.IGNORECASE,
)
"""Programs and what runs as one: what the large providers refuse, so that a letter with it would only come back."""


def is_refused_file(name: str) -> bool:
    """Whether receivers refuse a file of this name, whatever is in it."""
    return REFUSED.search(name) is not None
