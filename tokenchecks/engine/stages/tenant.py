"""The second stage: the tenant's own document, and which tenant the mailbox's domain belongs to."""

from typing import Final

from mailsettings.identifiers.clouds import BY_LOGIN_HOST
from mailsettings.identifiers.hosts import is_for_customers
from tokenchecks.engine.answers import RefusedError, TenantDocument
from tokenchecks.engine.explain.evidence import same
from tokenchecks.engine.microsoft.entra import host_of, issuer_host, token_host
from tokenchecks.engine.results import StageResult
from tokenchecks.engine.stages.context import NO_TENANT, CheckContext
from tokenchecks.engine.subject import is_guid

UNOWNED: Final = "no tenant owns {}"


def check_tenant(context: CheckContext) -> StageResult:
    """Fetch the document, see where it leads, and compare its tenant with that of the mailbox's domain."""
    subject, report = context.subject, context.report
    tenant = subject.tenant.strip()
    context.ask(
        f"{subject.login_host} for the document of tenant {{}} (openid-configuration), without a credential", tenant
    )
    try:
        context.document = document = context.gateway.discover(subject.login_host, tenant)
    except RefusedError as error:
        if NO_TENANT & set(error.refusal.codes):
            look_for_swap(context)
        raise
    context.status = document.status
    fault = _fault(context, document)
    if fault:
        return fault
    doubts = list(_domain_doubts(context, document))
    if document.issuer and not issuer_host(document.issuer):
        customers = is_for_customers(host_of(document.issuer))
        doubts.append(("tenant_of_customers" if customers else "issuer_foreign", ""))
    region = f" (region {document.region})" if document.region else ""
    found = f"{document.tenant_id or tenant}, found{region}"
    detail = "; ".join(filter(None, (found, *(detail for _, detail in doubts))))
    codes = [code for code, _ in doubts if code]
    if codes:
        return report.found("tenant", "warning", codes, detail)
    return report.ok("tenant", detail, document.correlation_id)


def look_for_swap(context: CheckContext) -> None:
    """Find out whether the Client ID is the ID of a tenant: then the two were swapped, or one was pasted twice."""
    client_id = context.subject.client_id.strip()
    if is_guid(client_id) and same(context.look_up(client_id) or "", client_id):
        context.report.note("client_is_tenant")


def _fault(context: CheckContext, document: TenantDocument) -> StageResult | None:
    """Return what makes the document useless, None when it is good."""
    subject, report = context.subject, context.report
    host = token_host(document.token_endpoint)
    if not host:
        customers = is_for_customers(host_of(document.token_endpoint))
        return report.found("tenant", "broken", ["tenant_of_customers" if customers else "endpoint_foreign"])
    # The outgoing server has no field for a login host: there the tenant's own document decides.
    if subject.kind != "outgoing" and BY_LOGIN_HOST[host] != BY_LOGIN_HOST[subject.login_host]:
        return report.found("tenant", "broken", ["tenant_in_other_cloud"], BY_LOGIN_HOST[host].name)
    if is_guid(subject.tenant) and document.tenant_id and not same(document.tenant_id, subject.tenant):
        return report.found("tenant", "broken", ["tenant_not_the_one_asked"], document.tenant_id)
    return None


def _domain_doubts(context: CheckContext, document: TenantDocument) -> list[tuple[str, str]]:
    """Return a code and a detail for each domain of the address that is not the tenant's; "" for a mere fact."""
    if context.subject.kind != "address" or not document.tenant_id:
        return []
    doubts = []
    for domain in _domains(context):
        owner = context.look_up(domain)
        if owner == "":
            detail = UNOWNED.format(domain)
            context.report.note("domain_unowned", f"No tenant of this cloud owns the domain {domain}.")
            doubts.append(("", detail))
        elif owner and not same(owner, document.tenant_id):
            detail = f"{domain} belongs to tenant {owner}, the server names tenant {document.tenant_id}"
            context.report.note("domain_elsewhere", f"The domain {detail}.")
            doubts.append(("domain_in_other_tenant", detail))
    return doubts


def _domains(context: CheckContext) -> list[str]:
    """Return the domain of the mailbox, and of the account; a tenant's own name says nothing of its mailboxes."""
    subject = context.subject
    names = [subject.reads] if subject.is_service else [subject.reads, subject.account or ""]
    domains = dict.fromkeys(name.strip().rpartition("@")[2].casefold() for name in names)
    return [domain for domain in domains if domain and not same(domain, subject.tenant)]
