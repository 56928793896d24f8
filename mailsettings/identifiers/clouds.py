"""Microsoft's clouds: which login host goes with which Graph host. No other host is ever connected to."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Cloud:
    """One of Microsoft's separate clouds; a tenant is in exactly one."""

    name: str
    login_host: str
    graph_host: str


GLOBAL: Final = Cloud("Global", "login.microsoftonline.com", "graph.microsoft.com")
US_GOVERNMENT: Final = Cloud("US Government", "login.microsoftonline.us", "graph.microsoft.us")
CHINA: Final = Cloud("China", "login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn")
GERMANY_CLOSED: Final = Cloud("Germany (closed)", "login.microsoftonline.de", "graph.microsoft.de")
FRANCE: Final = Cloud("France", "login.sovcloud-identity.fr", "graph.svc.sovcloud.fr")
GERMANY: Final = Cloud("Germany", "login.sovcloud-identity.de", "graph.svc.sovcloud.de")
SINGAPORE: Final = Cloud("Singapore", "login.sovcloud-identity.sg", "graph.svc.sovcloud.sg")

CLOUDS: Final = (GLOBAL, US_GOVERNMENT, CHINA, GERMANY_CLOSED, FRANCE, GERMANY, SINGAPORE)

ALIASES: Final = {
    "login.microsoft.com": GLOBAL,
    "login.windows.net": GLOBAL,
    "sts.windows.net": GLOBAL,
    "login-us.microsoftonline.com": GLOBAL,
    "login.usgovcloudapi.net": US_GOVERNMENT,
    "login.chinacloudapi.cn": CHINA,
}
BY_LOGIN_HOST: Final = {cloud.login_host: cloud for cloud in CLOUDS} | ALIASES

# US Defense shares the login host of US Government; only a tenant's own document names its Graph host.
GRAPH_HOSTS: Final = frozenset(cloud.graph_host for cloud in CLOUDS) | {"dod-graph.microsoft.us"}
LOGIN_HOSTS: Final = frozenset(BY_LOGIN_HOST)
KNOWN_HOSTS: Final = LOGIN_HOSTS | GRAPH_HOSTS

DEFAULT_LOGIN_HOST: Final = GLOBAL.login_host
