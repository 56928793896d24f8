"""What Entra answers without a credential: a tenant's document, a user's realm, the instances."""

from uuid import UUID

from demo.answers import EntraError, headers
from demo.call import Call
from demo.clouds import CLOUDS, LOGIN_HOSTS
from demo.wire import Response, json_response
from demo.world import Tenant, fold

SHARED = ("common", "organizations", "consumers")
CACHED = "max-age=86400, private"


def discovery(call: Call) -> Response:
    """The openid-configuration of a tenant; a tenant of another cloud is sent to that cloud."""
    tenant = call.tenant
    if call.name in SHARED:
        return json_response(200, _document(call, "{tenantid}", call.name, None), headers(call, CACHED))
    if tenant is None or hidden(call, tenant):
        raise EntraError(unknown_tenant(call.name))
    return json_response(200, _document(call, tenant.id, tenant.id, tenant), headers(call, CACHED))


def hidden(call: Call, tenant: Tenant) -> bool:
    """Tenants in China are unknown elsewhere; those of the US government are shown to the global cloud."""
    asked = LOGIN_HOSTS.get(call.request.host)
    return asked is not None and tenant.cloud not in {asked.name, "us"}


def unknown_tenant(name: str) -> int:
    """The code for an unknown tenant, by the form of its name."""
    try:
        return 90002 if UUID(name).int else 900021
    except ValueError:
        return 90002 if "." in name.strip(".") and " " not in name else 900023


def _document(call: Call, issuer: str, path: str, tenant: Tenant | None) -> dict[str, object]:
    cloud = CLOUDS[tenant.cloud] if tenant else LOGIN_HOSTS.get(call.request.host, CLOUDS["global"])
    base = f"https://{cloud.login_host}/{path}"
    return {
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": [
            "client_secret_post",
            "private_key_jwt",
            "client_secret_basic",
        ],
        "jwks_uri": f"{base}/discovery/v2.0/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": f"https://{cloud.login_host}/{issuer}/v2.0",
        "request_uri_parameter_supported": False,
        "userinfo_endpoint": f"https://{cloud.graph_host}/oidc/userinfo",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
        "http_logout_supported": True,
        "frontchannel_logout_supported": True,
        "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "preferred_username", "name", "tid", "ver"],
        "kerberos_endpoint": f"{base}/kerberos",
        "tenant_region_scope": tenant.region if tenant else None,
        "cloud_instance_name": cloud.instance,
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": cloud.graph_host,
        "rbac_url": "https://pas.windows.net",
    }


def realm(call: Call) -> Response:
    """Whether Entra itself checks this user's password, or another identity provider, or nobody."""
    tenant = call.tenant
    domain = fold(call.username).rpartition("@")[2]
    data: dict[str, object] = {
        "ver": "1.0",
        "account_type": "Unknown",
        "cloud_instance_name": "microsoftonline.com",
    }
    if tenant and "@" in call.username:
        data |= {
            "account_type": "Managed",
            "domain_name": domain,
            "cloud_audience_urn": "urn:federation:MicrosoftOnline",
        }
        if domain in map(fold, tenant.federated_domains):
            data |= _federation(domain)
    return json_response(200, data, headers(call))


def _federation(domain: str) -> dict[str, object]:
    sts = f"https://sts.{domain}/adfs/services/trust"
    return {
        "account_type": "Federated",
        "federation_protocol": "WSTrust",
        "federation_metadata_url": f"{sts}/mex",
        "federation_active_auth_url": f"{sts}/2005/usernamemixed",
    }


def instance(call: Call) -> Response:
    """The known instances of each cloud, as msal asks for them."""
    metadata = [
        {
            "preferred_network": cloud.login_host,
            "preferred_cache": cloud.login_host,
            "aliases": list(cloud.login_hosts),
        }
        for cloud in CLOUDS.values()
    ]
    endpoint = f"https://{call.request.host}/common/.well-known/openid-configuration"
    data = {"tenant_discovery_endpoint": endpoint, "api-version": "1.1", "metadata": metadata}
    return json_response(200, data, headers(call, CACHED))
