"""Pure: counts in, intervals, charts, estimates and verdicts out. Knows no framework and no row."""
