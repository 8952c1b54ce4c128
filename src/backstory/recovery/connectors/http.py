"""The generic connector: any HTTP service, described by templates and pointers, held against its OpenAPI document."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from backstory.kernel.money import Money
from backstory.recovery.connectors import calling, openapi, templates
from backstory.recovery.connectors.addresses import target
from backstory.recovery.connectors.calling import Answer, Call
from backstory.recovery.connectors.interface import Evidence, Misconfigured, Order, Outcome, State

SECRET = frozenset({"secret"})
SAMPLE = Order("check-0000000000", Money(Decimal("1.00"), "EUR"), "sample-0000", "refund", "C-0000")
_NOT_ACTED = {401, 403, 429}
"""Turned away at the door: nothing was begun."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Operation(_Strict):
    """One request as a template."""

    method: Literal["GET", "POST", "PUT", "PATCH"] = "POST"
    url: str = Field(max_length=1000)
    headers: dict[str, str] = {}
    body: Any = None
    form: Literal["json", "form"] = "json"


class Reading(_Strict):
    """Where an answer says what (JSON pointers), and what its words for a state mean."""

    state: str = ""
    states: dict[str, Literal["done", "pending", "refused"]] = {}
    reference: str = ""
    amount: str = ""
    amount_is: Literal["text", "minor"] = "text"
    currency: str = ""
    recipient: str = ""
    message: str = ""


class Settings(_Strict):
    """All an administrator says about a service. `found` points at the list of movements in what a look-up answers;
    empty: the answer is the one movement itself. `found_reading` reads one of them, where it differs."""

    carry_out: Operation
    look_up: Operation | None = None
    reading: Reading = Reading()
    found: str = ""
    found_reading: Reading | None = None
    idempotency_header: str = Field("Idempotency-Key", max_length=100, pattern=r"^[A-Za-z0-9-]*$")
    honours_keys: bool = False
    key_hours: float = Field(24.0, gt=0, le=24 * 365)
    seconds: float = Field(20.0, ge=1, le=60)
    private_hosts: tuple[str, ...] = ()
    openapi: dict[str, Any] | None = None


def read_settings(given: Mapping[str, Any]) -> Settings:
    """The settings, checked: shape, addresses, placeholders and, where there is one, the OpenAPI document."""
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Misconfigured(f"{where}: {first['msg']}.", str(first["loc"][0]) if first["loc"] else None) from None
    for name, one in (("carry_out", settings.carry_out), ("look_up", settings.look_up)):
        if one is not None:
            _check_operation(name, one, settings)
    if settings.look_up is not None and settings.look_up.method != "GET" and not settings.look_up.body:
        raise Misconfigured("A look-up only asks: use GET, or give the question's body.", "look_up")
    return settings


def _check_operation(name: str, one: Operation, settings: Settings) -> None:
    start = templates.PLACE.split(one.url)[0]
    if start.count("/") < 3:
        raise Misconfigured("The host of an address stands there as it is, without placeholders.", name)
    target(start, settings.private_hosts)
    templates.ensure_known([one.url, one.body], name)
    templates.ensure_known(one.headers, name, SECRET)
    if settings.openapi is not None:
        url = templates.address(one.url, templates.values(SAMPLE))
        _, kind = templates.encoded(None, one.form)
        body = templates.filled(one.body, templates.values(SAMPLE))
        openapi.ensure_fits(settings.openapi, one.method, url, body, kind)


class HttpConnector:
    """Carries orders out by HTTP as its settings say."""

    def __init__(self, settings: Settings, secret: str = "") -> None:
        self.settings, self._secret = settings, secret
        self.honours_keys = settings.honours_keys and bool(settings.idempotency_header)
        self.key_hours = settings.key_hours
        self.can_look_up = settings.look_up is not None

    def carry_out(self, order: Order) -> Outcome:
        try:
            call = self._call(self.settings.carry_out, order, acting=True)
        except Misconfigured as error:
            return Outcome(State.ABSENT, words=str(error), hopeless=True)
        answer = calling.reached(call, self.settings.private_hosts, self.settings.seconds)
        if isinstance(answer, Outcome):
            return answer
        found = self._turned_away(call, answer) or self._from_status(call, answer)
        return found or self._read(answer.json(), order, self.settings.reading, self._evidence(call, answer))

    def look_up(self, order: Order) -> Outcome:
        if self.settings.look_up is None:
            return Outcome(State.UNKNOWN, words="This connector cannot look anything up.", hopeless=True)
        try:
            call = self._call(self.settings.look_up, order)
        except Misconfigured as error:
            return Outcome(State.UNKNOWN, words=str(error), hopeless=True)
        answer = calling.reached(call, self.settings.private_hosts, self.settings.seconds)
        if isinstance(answer, Outcome):
            return _cannot_tell(answer)
        if answer.status == 404:
            return Outcome(State.ABSENT, words="It is not known there.", evidence=self._evidence(call, answer))
        if answer.status != 200:
            words = f"The look-up was answered with HTTP {answer.status}."
            return Outcome(State.UNKNOWN, words=words, evidence=self._evidence(call, answer))
        return self._look_through(answer.json(), order, call, answer)

    def check(self) -> list[tuple[str, bool, str]]:
        """Looks up something that does not exist: that moves nothing, and shows address and key to be right."""
        if self.settings.look_up is None:
            words = "Without a look-up nothing can be tried harmlessly; and whatever is uncertain needs a person."
            return [("Look-up", False, words)]
        found = self.look_up(SAMPLE)
        if found.state == State.ABSENT:
            return [("Look-up", True, "The service answers, and does not know our sample: as it should be.")]
        if found.state in {State.DONE, State.PENDING}:
            return [("Look-up", False, "The service claims to know a sample that does not exist.")]
        return [("Look-up", False, found.words)]

    def _call(self, one: Operation, order: Order, *, acting: bool = False) -> Call:
        known = templates.values(order)
        names = {**known, "secret": self._secret}
        headers = {name: templates.header(value, names) for name, value in one.headers.items()}
        if acting and self.settings.idempotency_header:
            headers[self.settings.idempotency_header] = order.key
        body, kind = (b"", "") if one.body is None else templates.encoded(templates.filled(one.body, known), one.form)
        if kind:
            headers["Content-Type"] = kind
        return Call(one.method, templates.address(one.url, known), headers, body)

    def _evidence(self, call: Call, answer: Answer) -> Evidence:
        return calling.evidence(call, answer, [self._secret])

    def _turned_away(self, call: Call, answer: Answer) -> Outcome | None:
        if answer.status not in _NOT_ACTED:
            return None
        words = "It asks us to come back later." if answer.status == 429 else "It does not accept our key."
        return Outcome(
            State.ABSENT,
            words=f"{words} (HTTP {answer.status})",
            retry_after=calling.retry_after(answer),
            hopeless=answer.status != 429,
            evidence=self._evidence(call, answer),
        )

    def _from_status(self, call: Call, answer: Answer) -> Outcome | None:
        """What the status alone decides: a clear no, or nothing that can be relied on."""
        if 200 <= answer.status < 300:
            return None
        kept = self._evidence(call, answer)
        if answer.status in {400, 402, 404, 405, 410, 415, 422}:
            said = templates.at(answer.json(), self.settings.reading.message)
            words = calling.shown(str(said or f"Refused (HTTP {answer.status})."), [self._secret])[:300]
            return Outcome(State.REFUSED, words=words, evidence=kept)
        if 300 <= answer.status < 400:
            words = "It sent us on to another address, which is never followed."
            return Outcome(State.UNKNOWN, words=words, evidence=kept)
        return Outcome(State.UNKNOWN, words=f"It answered with HTTP {answer.status}.", evidence=kept)

    def _look_through(self, document: Any, order: Order, call: Call, answer: Answer) -> Outcome:
        kept = self._evidence(call, answer)
        say = self.settings.found_reading or self.settings.reading
        if not self.settings.found:
            return self._read(document, order, say, kept)
        movements = templates.at(document, self.settings.found)
        if not isinstance(movements, list):
            return Outcome(State.UNKNOWN, words="The look-up's answer was not understood.", evidence=kept)
        if not movements:
            return Outcome(State.ABSENT, words="It is not known there.", evidence=kept)
        return together([self._read(each, order, say, kept) for each in movements])

    def _read(self, document: Any, order: Order, say: Reading, kept: Evidence) -> Outcome:
        """An answer that says it went well, as far as it can be understood."""
        word = str(templates.at(document, say.state)) if say.state else ""
        state = say.states.get(word) if say.state else "done"
        currency = order.money.currency
        try:
            money = templates.money_at(
                document, say.amount, say.currency, in_minor=say.amount_is == "minor", usual=currency
            )
        except ValueError:
            money, state = None, None
        reference = templates.at(document, say.reference)
        if state is None or (say.reference and reference in {None, ""}):
            return Outcome(State.UNKNOWN, words="The answer was not understood.", evidence=kept)
        recipient = templates.at(document, say.recipient) if say.recipient else None
        return Outcome(
            State(state),
            reference="" if reference is None else str(reference)[:200],
            words="",
            money=money,
            recipient=None if recipient is None else str(recipient),
            evidence=kept,
        )


def _cannot_tell(outcome: Outcome) -> Outcome:
    """A look-up that got no answer says nothing about the money."""
    return Outcome(State.UNKNOWN, words=outcome.words, evidence=outcome.evidence, retry_after=outcome.retry_after)


def together(outcomes: list[Outcome]) -> Outcome:
    """Several movements under one key as one outcome: refused ones moved nothing, more than one that moved is said."""
    moved = [each for each in outcomes if each.state in {State.DONE, State.PENDING}]
    if any(each.state == State.UNKNOWN for each in outcomes):
        return next(each for each in outcomes if each.state == State.UNKNOWN)
    if not moved:
        return outcomes[0]
    done = [each for each in moved if each.state == State.DONE]
    return replace((done or moved)[0], movements=len(moved))
