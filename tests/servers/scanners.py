"""An rspamd, a SpamAssassin and a clamd of one's own: Debian's programs with few rules, on free ports, without the
network."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.desk import free_port, until

GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
"""What every spam filter calls spam (Generic Test for Unsolicited Bulk Email)."""
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every virus scanner calls a virus; it harms nothing."""

RSPAMD = """\
options {{
  filters = "regexp";
  dns {{ nameserver = ["127.0.0.1:9"]; timeout = 0.1s; retransmits = 0; }}
  control_socket = "{folder}/control.sock mode=0600";
  pidfile = "{folder}/rspamd.pid";
  tempdir = "{folder}";
  url_tld = "{folder}/endings";
  disable_hyperscan = true;
  lang_detection {{ languages = ["en"]; }}
}}
logging {{ type = "console"; level = "info"; }}
actions {{ reject = 15; add_header = 6; greylist = 4; }}
group "own" {{ symbols {{ FREE_MONEY {{ weight = 7; }} POLITE {{ weight = -1; }} }} }}
regexp {{ FREE_MONEY = 'Subject=/free money/iH'; POLITE = 'Subject=/please/iH'; }}
worker "normal" {{ bind_socket = "127.0.0.1:{port}"; count = 1; }}
"""
SPAMASSASSIN = """\
loadplugin Mail::SpamAssassin::Plugin::Check
required_score 5
use_bayes 0
skip_rbl_checks 1
dns_available no
body GTUBE /XJS\\*C4JDBQADN1\\.NSBN3\\*2IDNEN\\*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL\\*C\\.34X/
score GTUBE 1000
header FREE_MONEY Subject =~ /free money/i
score FREE_MONEY 7
header POLITE Subject =~ /please/i
score POLITE -1
"""
CLAMD = """\
Foreground yes
TCPSocket {port}
TCPAddr 127.0.0.1
LocalSocket {folder}/clamd.sock
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
StreamMaxLength 1M
User root
"""


def missing(program: str, package: str) -> str:
    """Why such a server cannot run here, or ""."""
    if os.geteuid() != 0:
        return f"{program} is started by root here"
    return "" if shutil.which(program) else f"no {program} on this machine; .ci/run installs Debian's {package}"


@dataclass
class Scanner:
    """`with Rspamd() as filter:` answers at `filter.url` once it is ready."""

    folder: Path = field(init=False)

    def command(self) -> list[str]:
        raise NotImplementedError

    @property
    def url(self) -> str:
        raise NotImplementedError

    def __enter__(self) -> Self:
        # Not pytest's folder: it may belong to another user, and the names of sockets must stay short.
        self.folder = Path(tempfile.mkdtemp(prefix="scan-"))
        self.folder.chmod(0o755)
        self.port = free_port()
        self.log = self.folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def ready(self, answers: object) -> Self:
        """Wait until `answers` (a function without arguments) raises nothing."""

        def ask() -> bool:
            if self.process.poll() is not None:
                raise RuntimeError(f"{type(self).__name__} ended: {self.log.read_text(errors='replace')[-2000:]}")
            try:
                answers()  # type: ignore[operator]
            except Exception:
                return False
            return True

        until(ask, f"{type(self).__name__} ({self.log})")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Rspamd(Scanner):
    def command(self) -> list[str]:
        (self.folder / "endings").write_text("example\ncom\n")
        (self.folder / "rspamd.conf").write_text(RSPAMD.format(folder=self.folder, port=self.port))
        return ["rspamd", "--no-fork", "--insecure", "--config", str(self.folder / "rspamd.conf")]

    @property
    def url(self) -> str:
        return f"rspamd://127.0.0.1:{self.port}"


class SpamAssassin(Scanner):
    def command(self) -> list[str]:
        (self.folder / "site").mkdir()
        (self.folder / "site" / "own.cf").write_text(SPAMASSASSIN)
        return [
            *("spamd", "--local", "--listen", f"127.0.0.1:{self.port}", "--username", "nobody"),
            *("--configpath", str(self.folder / "site"), "--siteconfigpath", str(self.folder / "site")),
            *("--nouser-config", "--min-children", "1", "--max-children", "1", "--syslog", "stderr"),
            *("--helper-home-dir", str(self.folder)),
        ]

    @property
    def url(self) -> str:
        return f"spamd://127.0.0.1:{self.port}"


class Clamd(Scanner):
    def command(self) -> list[str]:
        signatures = self.folder / "signatures"
        signatures.mkdir()
        # Name, kind of file (any), offset (anywhere) and the bytes that give it away.
        (signatures / "own.ndb").write_text(f"Own.Eicar:0:*:{EICAR.encode().hex()}\n")
        (self.folder / "clamd.conf").write_text(CLAMD.format(folder=self.folder, port=self.port))
        return ["clamd", "--config-file", str(self.folder / "clamd.conf")]

    @property
    def url(self) -> str:
        return f"clamd://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"clamd://{self.folder}/clamd.sock"
