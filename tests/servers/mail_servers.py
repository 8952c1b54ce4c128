"""A Postfix and a Dovecot of one's own: real mail servers from Debian's packages, on free ports, in a folder that goes.

Postfix takes letters by SMTP, hands those of its two domains to Dovecot by LMTP and knows no other domain: nothing
ever leaves the machine.
"""

import os
import shutil
import smtplib
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from imap_tools import MailBoxUnencrypted

from tools.desk import free_port, until

PASSWORD = "postbox password"
POSTFIX_DAEMONS = Path("/usr/lib/postfix/sbin")

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.desk.example
mydestination =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
virtual_mailbox_domains = desk.example, customer.example
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
default_transport = error:this server knows no other domain
disable_dns_lookups = yes
smtp_host_lookup = native
minimal_backoff_time = 1s
"""

MASTER = """\
127.0.0.1:{smtp} inet n - n - - smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
showq     unix  n - n - - showq
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
lmtp      unix  - - n - - lmtp
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""

DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
recipient_delimiter = +
mail_location = maildir:{folder}/mail/%u
auth_username_format = %Lu
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


def missing() -> str:
    """Why such servers cannot run here, or ""."""
    if os.geteuid() != 0:
        return "Postfix must be started by root"
    if not POSTFIX_DAEMONS.is_dir() or shutil.which("postfix") is None or shutil.which("dovecot") is None:
        return "no Postfix or Dovecot on this machine; .ci/run installs Debian's"
    version = subprocess.run(["dovecot", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    return "" if version.startswith("2.3.") else f"written for Dovecot 2.3, and this is {version.split(' ')[0]}"


@dataclass
class MailServers:
    """`with MailServers(users) as servers:` has `smtp_port` and `imap_port`; each user is a mailbox with `PASSWORD`."""

    users: Sequence[str]
    folder: Path = field(init=False)

    def __enter__(self) -> Self:
        # Not pytest's folder: other users than root must reach it, and the names of sockets must stay short.
        self.folder = Path(tempfile.mkdtemp(prefix="mail-"))
        self.folder.chmod(0o755)
        self.smtp_port, self.imap_port, self.lmtp_port = free_port(), free_port(), free_port()
        try:
            self._start_dovecot()
            self._start_postfix()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _start_dovecot(self) -> None:
        (self.folder / "mail").mkdir()
        shutil.chown(self.folder / "mail", "nobody", "nogroup")
        (self.folder / "users").write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}::::::\n" for user in self.users))
        settings = DOVECOT.format(folder=self.folder, imap=self.imap_port, lmtp=self.lmtp_port)
        (self.folder / "dovecot.conf").write_text(settings)
        self._run("dovecot", "-c", str(self.folder / "dovecot.conf"))
        until(lambda: self._answers(lambda: self.inbox(self.users[0]).logout()), "Dovecot", 20)

    def _start_postfix(self) -> None:
        configuration = self.folder / "postfix"
        for name in ("postfix", "queue", "data"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix")
        settings = MAIN.format(folder=self.folder, daemons=POSTFIX_DAEMONS, lmtp=self.lmtp_port)
        (configuration / "main.cf").write_text(settings)
        (configuration / "master.cf").write_text(MASTER.format(smtp=self.smtp_port))
        self._run("postfix", "-c", str(configuration), "start")
        until(lambda: self._answers(lambda: smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=5).quit()), "Postfix", 20)

    def _run(self, *command: str) -> None:
        # Into a file: the servers that it leaves running would hold a pipe open for ever.
        said = self.folder / f"{command[0]}.start"
        with said.open("wb") as output:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False)
        if done.returncode:
            raise RuntimeError(f"{command[0]} did not start: {said.read_text()}")

    def _answers(self, ask: Callable[[], object]) -> bool:
        try:
            ask()
        except (OSError, smtplib.SMTPException):
            return False
        return True

    def post(self, sender: str, recipient: str, letter: bytes) -> None:
        """Hand a letter to Postfix, as a customer's mail program does."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20) as client:
            client.sendmail(sender, [recipient], letter)

    def inbox(self, user: str) -> MailBoxUnencrypted:
        """A session in somebody's mailbox."""
        session = MailBoxUnencrypted("127.0.0.1", self.imap_port, timeout=20)
        session.login(user, PASSWORD)
        return session

    def letters(self, user: str) -> list[bytes]:
        """All letters in somebody's mailbox, oldest first."""
        with self.inbox(user) as session:
            return [bytes(message.obj) for message in session.fetch(mark_seen=False)]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for command in (
            ["postfix", "-c", str(self.folder / "postfix"), "stop"],
            ["doveadm", "-c", str(self.folder / "dovecot.conf"), "stop"],
        ):
            subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
            )
        shutil.rmtree(self.folder, ignore_errors=True)
