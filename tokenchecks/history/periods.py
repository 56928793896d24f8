"""The periods that a timeline can show, and the marks of time along each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """How far back a timeline goes, its number of cells, and the distance of its ticks."""

    key: str
    label: str
    length: timedelta
    cells: int
    tick: timedelta
    tick_format: str

    def ticks(self, begin: datetime, end: datetime) -> list[tuple[datetime, str]]:
        """Return the moments below the timeline with their labels, in the console's time zone."""
        moment = timezone.localtime(begin).replace(hour=0, minute=0, second=0, microsecond=0)
        found = []
        while moment < end:
            if moment >= begin:
                found.append((moment, moment.strftime(self.tick_format)))
            moment += self.tick
        return found


PERIODS = (
    Period("24h", "24 hours", DAY, 288, timedelta(hours=4), "%H:%M"),
    Period("7d", "7 days", 7 * DAY, 336, DAY, "%a %d"),
    Period("30d", "30 days", 30 * DAY, 360, 5 * DAY, "%d %b"),
    Period("1y", "1 year", 365 * DAY, 365, 61 * DAY, "%b %Y"),
)
BY_KEY = {period.key: period for period in PERIODS}
WEEK = BY_KEY["7d"]
MONTH = BY_KEY["30d"]
