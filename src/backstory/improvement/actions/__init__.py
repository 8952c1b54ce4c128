"""Every write about problems and their fixes. Each: check, one transaction, change, record the event."""
