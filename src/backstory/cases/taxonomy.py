"""The causes a new desk starts with. Data: every company renames, moves and adds to them.

Our own default list [G], following the frustrations named in service literature: unmet expectations, repeat
contact, broken promises, billing, delay, staff conduct, access, data and privacy.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class DefaultCause:
    slug: str
    name: str
    definition: str


DEFAULT_CAUSES = (
    DefaultCause("outage", "Outage", "A service that should run was down, slow or kept failing."),
    DefaultCause("installation", "Installation", "Setting up, connecting, moving or repairing went wrong on site."),
    DefaultCause("product-defect", "Product defect", "The thing itself is faulty, wrong, incomplete or damaged."),
    DefaultCause("delay", "Delay", "Something came, or was done, later than the customer could expect."),
    DefaultCause("missed-appointment", "Missed appointment", "Nobody came, or came outside the agreed time."),
    DefaultCause("billing", "Billing", "A charge, refund or payment was wrong, double, missing or not understood."),
    DefaultCause("contract", "Contract", "Terms, fine print, cancellation or a price the customer did not expect."),
    DefaultCause(
        "repeat-contact",
        "Repeat contact",
        "The customer had to ask again, or was passed from one to another.",
    ),
    DefaultCause("broken-promise", "Broken promise", "We said that we would, and did not."),
    DefaultCause("staff-conduct", "Staff conduct", "The customer was treated rudely, unfairly or carelessly."),
    DefaultCause("safety", "Safety", "Somebody was hurt, fell ill, or was put in danger."),
    DefaultCause("data-privacy", "Data and privacy", "Personal data was lost, shown, used or kept wrongly."),
    DefaultCause("access", "Access", "The customer could not reach us or use the service, disability included."),
    DefaultCause("other", "Other", "None of these; look here for causes that deserve a name of their own."),
)
