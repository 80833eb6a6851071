"""How dates and times are written on all pages; with their zone, because schedules have zones of their own."""

DATETIME_FORMAT = "Y-m-d H:i e"
DATE_FORMAT = "Y-m-d"
