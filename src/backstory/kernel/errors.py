"""Every error a caller may meet:

BackstoryError
├── InvalidInput   the value given cannot be used; says which field and why
├── NotAllowed     the viewer may know of the thing but not do this to it
├── NotFound       no such thing, or none this viewer may know of
└── Conflict       the thing has changed or is in a state that forbids the step

`status` is how pages and the API tell of it in HTTP (RFC 9110, section 15).
"""


class BackstoryError(Exception):
    """Base of all errors raised on purpose; its text can be shown to a person."""

    status = 500


class InvalidInput(BackstoryError):
    status = 422

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotAllowed(BackstoryError):
    status = 403


class NotFound(BackstoryError):
    status = 404


class Conflict(BackstoryError):
    status = 409
