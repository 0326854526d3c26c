"""The length of a month."""

DAYS_PER_MONTH = 30.4375
"""A twelfth of 365.25 days: 12 months are days up to 365, 24 months days up to 730."""
