"""iCalendar (RFC 5545): busy times read from other people's calendars, and plans written for them."""
