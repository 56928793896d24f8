"""Microsoft's clouds and their host names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cloud:
    """One cloud with its own sign-in and Graph hosts; the first login host is the canonical one."""

    name: str
    instance: str
    login_hosts: tuple[str, ...]
    graph_hosts: tuple[str, ...]

    @property
    def login_host(self) -> str:
        return self.login_hosts[0]

    @property
    def graph_host(self) -> str:
        return self.graph_hosts[0]


CLOUDS = {
    cloud.name: cloud
    for cloud in (
        Cloud(
            "global",
            "microsoftonline.com",
            ("login.microsoftonline.com", "login.microsoft.com", "login.windows.net", "sts.windows.net"),
            ("graph.microsoft.com",),
        ),
        Cloud(
            "us",
            "microsoftonline.us",
            ("login.microsoftonline.us", "login-us.microsoftonline.com", "login.usgovcloudapi.net"),
            ("graph.microsoft.us", "dod-graph.microsoft.us"),
        ),
        Cloud(
            "china",
            "partner.microsoftonline.cn",
            ("login.partner.microsoftonline.cn", "login.chinacloudapi.cn"),
            ("microsoftgraph.chinacloudapi.cn",),
        ),
        Cloud("germany", "microsoftonline.de", ("login.microsoftonline.de",), ("graph.microsoft.de",)),
        Cloud(
            "sovereign",
            "sovcloud-identity.fr",
            ("login.sovcloud-identity.fr", "login.sovcloud-identity.de", "login.sovcloud-identity.sg"),
            ("graph.svc.sovcloud.fr",),
        ),
    )
}
LOGIN_HOSTS = {host: cloud for cloud in CLOUDS.values() for host in cloud.login_hosts}
GRAPH_HOSTS = {host: cloud for cloud in CLOUDS.values() for host in cloud.graph_hosts}
HOSTS = (*LOGIN_HOSTS, *GRAPH_HOSTS)
