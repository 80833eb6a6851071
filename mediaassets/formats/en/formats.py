"""Date formats of all pages; they include the time zone, because schedules have their own."""

DATETIME_FORMAT = "Y-m-d H:i e"
DATE_FORMAT = "Y-m-d"
