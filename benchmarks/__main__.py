"""All benchmarks, one after the other: `python -m benchmarks [name …]`. Prints tables for docs/benchmarks.md."""

import importlib
import sys

NAMES = ("mail_throughput", "mail_parsing", "ingest_profile", "arrival", "pages", "read_speed")


def main() -> None:
    for name in sys.argv[1:] or NAMES:
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
