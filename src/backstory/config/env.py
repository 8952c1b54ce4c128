"""Every setting an operator can give, typed, from the environment (prefix BACKSTORY_) or a `.env` file."""

import secrets
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(BaseSettings):
    """Read once at start. `docs/operations.md` lists each of these; a test keeps that list true."""

    model_config = SettingsConfigDict(env_prefix="BACKSTORY_", env_file=".env", extra="ignore")

    data_dir: Path = Field(Path("var/data"), description="Where database, files and queue live.")
    secret_key: str = Field("", description="Signs sessions and links; made and kept in the data folder if empty.")
    debug: bool = Field(False, description="Developer mode: never on a reachable machine.")
    database_url: str = Field(
        "", description="postgresql://user:password@host/name; SQLite in the data folder if empty."
    )
    redis_url: str = Field(
        "", description="redis://host:6379/0 for the task queue; SQLite in the data folder if empty."
    )
    base_url: str = Field(
        "http://localhost:8000", description="The address people reach the desk at; links in mail use it."
    )
    allowed_hosts: str = Field("localhost,127.0.0.1,[::1]", description="Host names answered to, separated by commas.")
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8000, description="Port the web server listens on.")
    mail_host: str = Field("127.0.0.1", description="Address the mail listener listens on.")
    smtp_port: int = Field(2525, description="Port of the SMTP listener; 0 turns it off.")
    lmtp_port: int = Field(0, description="Port of the LMTP listener; 0 turns it off.")
    mail_max_bytes: int = Field(
        30 * 1024 * 1024, description="Largest mail accepted, in bytes; larger ones get SMTP 552."
    )
    mail_mode: Literal["smtp", "outbox"] = Field(
        "smtp", description="`smtp` sends letters; `outbox` keeps them on this machine."
    )
    mail_out_host: str = Field("localhost", description="Outgoing mail server.")
    mail_out_port: int = Field(25, description="Port of the outgoing mail server.")
    mail_out_user: str = Field("", description="User name at the outgoing mail server.")
    mail_out_password: str = Field("", description="Password at the outgoing mail server.")
    mail_out_security: Literal["none", "starttls", "tls"] = Field("none", description="How the connection is secured.")
    mail_out_timeout: int = Field(30, description="Seconds before an outgoing connection counts as hanging.")
    mail_domain_rate: int = Field(
        0, ge=0, description="Letters a minute to one domain, at most; the others wait for their turn. 0: no limit."
    )
    undo_send_seconds: int = Field(
        10, ge=0, le=600, description="Seconds for which a reply from the workspace can be taken back; 0: none."
    )
    sensitive_days: int = Field(
        730,
        ge=0,
        description="Days after closing for which backstories and signs of vulnerability are kept; 0: always.",
    )
    attachments_max_bytes: int = Field(
        18 * 1024 * 1024,
        gt=0,
        description="Largest files of one letter together, in bytes; on their way they grow by a third.",
    )
    mail_trusted_servers: str = Field(
        "",
        description="Mail servers whose Authentication-Results count (their names there), separated by commas.",
    )
    mail_check_dns: bool = Field(
        False, description="Look up SPF, DKIM, DMARC and ARC of arriving mail where no trusted server has."
    )
    mail_spam_filter: str = Field("", description="rspamd://host:11333 or spamd://host:783; none if empty.")
    mail_virus_scanner: str = Field("", description="clamd://host:3310 or clamd:///path/of/socket; none if empty.")
    llm_model: str = Field(
        "", description="A language model that may propose: `anthropic:…`, `openai:…`, or its name at the base URL."
    )
    llm_base_url: str = Field(
        "", description="A server that speaks OpenAI's protocol, such as http://localhost:11434/v1."
    )
    llm_api_key: str = Field("", description="Its key; other vendors' keys stand in their own variables.")
    llm_timeout: int = Field(60, ge=1, le=280, description="Seconds after which the model counts as not answering.")
    upload_max_bytes: int = Field(10 * 1024 * 1024, description="Largest file of the web form, in bytes.")
    workers: int = Field(2, description="Worker threads for background work.")
    web_threads: int = Field(8, description="Threads that render pages, per web process.")
    api_requests_per_minute: int = Field(
        300, description="Calls of one API token, or one person, per minute; 0: no limit."
    )
    timezone: str = Field("Europe/London", description="Time zone of business hours and of dates shown.")
    business_days: str = Field("0-4", description="Working days, 0 is Monday.")
    business_open: str = Field("09:00", description="Start of business hours.")
    business_close: str = Field("17:00", description="End of business hours.")
    currency: str = Field("EUR", description="Currency offered first for remedies (ISO 4217).")
    survey_delay_hours: float = Field(72, description="Hours between closing a complaint and its survey.")
    survey_kind: Literal["csat", "nps", "ces", "none"] = Field(
        "csat", description="What is asked where neither playbook nor mailbox nor team says it."
    )
    survey_rest_days: int = Field(
        30, ge=0, description="Days for which somebody who was asked about one complaint is asked about no other."
    )
    survey_lasts_days: int = Field(60, ge=1, description="Days after which a survey can no longer be answered.")
    second_recovery_days: int = Field(2, ge=1, le=60, description="Working days that a second recovery may take.")
    lost_question_days: int = Field(
        14, ge=0, description="Days after somebody is known to have left before they are asked why, once."
    )
    approval_hours: float = Field(8, description="Hours in which a remedy above a limit is to be decided.")
    demo: bool = Field(False, description="Set by `backstory demo`: shows the demo mailbox page.")
    log_json: bool = Field(True, description="Logs as JSON lines rather than for reading.")

    def kept_secret_key(self) -> str:
        """The configured key, or one made on first use and kept in the data folder, readable by its owner only."""
        if self.secret_key:
            return self.secret_key
        path = self.data_dir / "secret_key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(50))
        return path.read_text().strip()


env = Environment()
