"""What check panels show of alarms."""

from configurator.console.frame.panels import panel
from health.alarms.templatetags.alarms import acknowledgement

panel("check.below", 10, "acknowledgements/of_warning.html")(acknowledgement)
