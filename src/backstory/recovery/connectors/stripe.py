"""Refunds at Stripe: POST and GET /v1/refunds (https://docs.stripe.com/api/refunds).

Stripe takes no currency with a refund: it refunds in the currency of the payment. So the payment is looked at before,
and a refund in another currency than the remedy's is never asked for. Keys are kept for at least 24 hours, with the
first answer whatever it was (https://docs.stripe.com/api/idempotent_requests).
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from babel.numbers import get_currency_precision
from pydantic import BaseModel, ConfigDict, ValidationError

from backstory.kernel.money import Money
from backstory.recovery.connectors import calling
from backstory.recovery.connectors.addresses import target
from backstory.recovery.connectors.calling import Answer, Call
from backstory.recovery.connectors.http import together
from backstory.recovery.connectors.interface import Evidence, Misconfigured, Order, Outcome, State

API = "https://api.stripe.com"
MARK = "backstory_key"
"""The metadata field by which our refunds are found again."""
SECONDS = 30.0
MOST_PAGES = 20
_STATES = {
    "succeeded": State.DONE,
    "pending": State.PENDING,
    "requires_action": State.PENDING,
    "failed": State.REFUSED,
    "canceled": State.REFUSED,
}
_ZERO_DECIMAL = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_TWO_DECIMAL = frozenset({"ISK", "UGX", "HUF", "TWD"})
"""Currencies that Stripe counts in hundredths whatever their own smallest unit is: docs.stripe.com/currencies."""


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    api: str = API
    private_hosts: tuple[str, ...] = ()


def read_settings(given: Mapping[str, Any]) -> Settings:
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        raise Misconfigured(f"{error.errors()[0]['msg']}.", "api") from None
    target(settings.api, settings.private_hosts)
    return settings


def places(currency: str) -> int:
    """How many decimal places Stripe's whole numbers have in this currency."""
    if currency in _ZERO_DECIMAL:
        return 0
    return 2 if currency in _TWO_DECIMAL else get_currency_precision(currency)


class StripeConnector:
    honours_keys = True
    key_hours = 23.0  # Stripe keeps them for 24 at least
    can_look_up = True

    def __init__(self, settings: Settings, secret: str) -> None:
        self.settings, self._secret = settings, secret

    @property
    def is_test(self) -> bool:
        """Whether the key is one of Stripe's test mode, in which no money moves."""
        return self._secret.startswith(("sk_test_", "rk_test_"))

    def carry_out(self, order: Order) -> Outcome:
        obstacle = self._look_at_payment(order)
        if obstacle is not None:
            return obstacle
        fields = {
            _parameter(order.recipient): order.recipient,
            "amount": str(int(order.money.amount.scaleb(places(order.money.currency)))),
            "reason": "requested_by_customer",
            f"metadata[{MARK}]": order.key,
            "metadata[case]": order.case,
        }
        call = self._post("/v1/refunds", fields, order.key)
        answer = calling.reached(call, self.settings.private_hosts, SECONDS)
        if isinstance(answer, Outcome):
            return answer
        if answer.status == 200:
            return self._read(answer.json(), order, self._evidence(call, answer))
        return self._failure(call, answer)

    def look_up(self, order: Order) -> Outcome:
        """Every refund of the payment that carries our key, page by page."""
        found: list[Outcome] = []
        after, kept = "", Evidence()
        for _ in range(MOST_PAGES):
            query = {_parameter(order.recipient): order.recipient, "limit": "100"}
            call = self._get(f"/v1/refunds?{urlencode({**query, **({'starting_after': after} if after else {})})}")
            answer = calling.reached(call, self.settings.private_hosts, SECONDS)
            if isinstance(answer, Outcome):
                return replace(answer, state=State.UNKNOWN, hopeless=False)
            kept, page = self._evidence(call, answer), answer.json()
            rows = page.get("data") if isinstance(page, dict) else None
            if answer.status != 200 or not isinstance(rows, list):
                return Outcome(State.UNKNOWN, words=_words(answer), evidence=kept)
            found += [self._read(each, order, kept) for each in rows if _is_ours(each, order)]
            if not page.get("has_more") or not rows:
                break
            after = str(rows[-1].get("id", ""))
        return together(found) if found else Outcome(State.ABSENT, words="Stripe has no such refund.", evidence=kept)

    def check(self) -> list[tuple[str, bool, str]]:
        call = self._get("/v1/refunds?limit=1")
        answer = calling.reached(call, self.settings.private_hosts, SECONDS)
        if isinstance(answer, Outcome):
            return [("Stripe", False, answer.words)]
        if answer.status != 200:
            return [("Stripe", False, _words(answer))]
        mode = "in test mode: no money moves" if self.is_test else "with a live key: refunds move real money"
        return [("Stripe", True, f"Stripe accepts the key, {mode}.")]

    def _look_at_payment(self, order: Order) -> Outcome | None:
        """Why no refund may be asked for; None where it may. Only asks, so nothing has moved whatever it says."""
        kind = "payment_intents" if _parameter(order.recipient) == "payment_intent" else "charges"
        call = self._get(f"/v1/{kind}/{quote(order.recipient, safe='')}")
        answer = calling.reached(call, self.settings.private_hosts, SECONDS)
        if isinstance(answer, Outcome):
            return replace(answer, state=State.ABSENT)
        if answer.status != 200:
            obstacle = self._failure(call, answer)
            return obstacle if obstacle.state == State.REFUSED else replace(obstacle, state=State.ABSENT)
        payment = answer.json()
        currency = str(payment.get("currency", "")).upper() if isinstance(payment, dict) else ""
        if currency == order.money.currency:
            return None
        words = f"The payment was made in {currency or 'an unknown currency'}, the remedy is in {order.money.currency}."
        return Outcome(State.REFUSED, words=words, evidence=self._evidence(call, answer))

    def _failure(self, call: Call, answer: Answer) -> Outcome:
        """What an error of Stripe's means (https://docs.stripe.com/api/errors)."""
        kept, words = self._evidence(call, answer), _words(answer)
        if answer.status in {401, 403}:
            return Outcome(State.ABSENT, words=words, hopeless=True, evidence=kept)
        if answer.status == 429:
            return Outcome(State.ABSENT, words=words, retry_after=calling.retry_after(answer), evidence=kept)
        if answer.status in {400, 402, 404} and _error(answer).get("type") != "idempotency_error":
            return Outcome(State.REFUSED, words=words, evidence=kept)
        return Outcome(State.UNKNOWN, words=words, evidence=kept)

    def _read(self, refund: Any, order: Order, kept: Evidence) -> Outcome:
        if not isinstance(refund, dict) or refund.get("object") != "refund" or not isinstance(refund.get("id"), str):
            return Outcome(State.UNKNOWN, words="The answer was not understood.", evidence=kept)
        currency, amount = str(refund.get("currency", "")).upper(), refund.get("amount")
        if isinstance(amount, bool) or not isinstance(amount, int) or len(currency) != 3:
            return Outcome(State.UNKNOWN, words="The answer was not understood.", evidence=kept)
        reason = str(refund.get("failure_reason") or "")[:100]
        payment = refund.get(_parameter(order.recipient))
        return Outcome(
            _STATES.get(str(refund.get("status")), State.UNKNOWN),
            reference=refund["id"][:200],
            words=f"Stripe says that the refund failed: {reason}." if reason else "",
            money=Money(Decimal(amount).scaleb(-places(currency)), currency),
            recipient=payment if isinstance(payment, str) else None,
            evidence=kept,
        )

    def _get(self, path: str) -> Call:
        return Call("GET", self.settings.api.rstrip("/") + path, self._headers())

    def _post(self, path: str, fields: Mapping[str, str], key: str) -> Call:
        headers = {
            **self._headers(),
            "Idempotency-Key": key,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return Call("POST", self.settings.api.rstrip("/") + path, headers, urlencode(fields).encode())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._secret}"}

    def _evidence(self, call: Call, answer: Answer) -> Evidence:
        return calling.evidence(call, answer, [self._secret])


def _parameter(recipient: str) -> str:
    """By which field Stripe knows such a payment: pi_… is a payment intent, ch_… a charge."""
    return "payment_intent" if recipient.startswith("pi_") else "charge"


def _is_ours(refund: Any, order: Order) -> bool:
    metadata = refund.get("metadata") if isinstance(refund, dict) else None
    return isinstance(metadata, dict) and metadata.get(MARK) == order.key


def _error(answer: Answer) -> dict[str, Any]:
    body = answer.json()
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _words(answer: Answer) -> str:
    message = calling.shown(str(_error(answer).get("message") or ""))[:300]
    if answer.status in {401, 403}:
        return f"Stripe does not accept the key. {message}".strip()
    return message or f"Stripe answered with HTTP {answer.status}."
