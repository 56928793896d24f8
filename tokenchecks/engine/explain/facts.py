"""The evidence in words: each flag, and what was changed since it last worked."""

from collections.abc import Mapping
from typing import Final

from tokenchecks.engine.explain.catalogue import Flag
from tokenchecks.engine.explain.labels import labels
from tokenchecks.engine.subject import Subject

FACTS: Final[Mapping[Flag, str]] = {
    "service": "The server signs in for itself (OAuth Service).",
    "user": "The server signs in as an account (OAuth User).",
    "secret_given": "A secret is stored, and it was sent.",
    "secret_is_guid": "The secret stored here has the form of a GUID, as a Secret ID has.",
    "secret_has_blanks": "The secret stored here begins or ends with a blank.",
    "secret_cut": "The secret stored here has the form of Entra's, and is shorter than they are.",
    "secret_end_date_past": "The end date entered here is past.",
    "password_has_blanks": "The password stored here begins or ends with a blank.",
    "password_is_app_password": "The password stored here is sixteen small letters, the form of an app password.",
    "tenant_is_client": "Tenant and Client ID are the same.",
    "client_is_tenant": "Entra knows a tenant with the ID given as Client ID.",
    "realm_federated": "Entra says that the account's domain is federated.",
    "realm_unknown": "Entra says that it does not know the account's domain.",
    "has_role": "The token carries the right to read mail.",
    "no_role": "The token carries no right to read mail.",
    "no_scope": "The token carries no delegated right to read mail.",
    "no_send_right": "The token does not carry the right to send mail.",
    "delegated_rights": "The token carries delegated rights only, though the server signs in for itself.",
    "other_mailbox": "The mailbox is not the account's own.",
    "policy_wording": "Microsoft's words name an access policy.",
    "distrusted_network": "Microsoft's words name the network address.",
    "at_mailbox": "The token was issued; it is the mailbox that was refused.",
    "at_send": "The token was issued; it is the sending that was refused.",
    "client_id_changed": "The Client ID was changed, the secret was not.",
    "tenant_changed": "The tenant was changed.",
    "names_secret": "Microsoft's words name the client secret.",
    "wrong_audience": "Microsoft's words name the token's audience.",
    "token_ran_out": "Microsoft's words say that the token ran out.",
    "refresh_token": "A stored sign-in was used.",
    "with_token": "A token was sent.",
    "with_password": "A password was sent.",
    "at_exchange": "It is Exchange that answered.",
    "token_issued": "A token was issued before.",
    "ui_required": "The program's library asks for a sign-in in a browser.",
    "session_ended": "Microsoft's words say that the session has ended.",
    "not_in_directory": "Microsoft's words say that the app was not found in the tenant.",
    "names_no_scope": "Microsoft's words say that no scope was sent.",
    "names_no_secret": "Microsoft's words say that no secret was sent.",
    "other_cloud": "Microsoft's words say that the token is of another cloud.",
    "no_recipient": "Microsoft's words say that there is no recipient.",
    "tenant_glued": "The tenant in Microsoft's words is longer than a tenant ID.",
    "impersonates": "The request was made in another mailbox's name (impersonation).",
    "by_ews": "Exchange Web Services (EWS) were asked.",
    "names_no_client": "Microsoft's words say that no Client ID was sent.",
    "abused": "Microsoft's words say that the account was abused.",
    "at_inbox": "It is the inbox that was asked for, which every mailbox has.",
    "forbidden": "The answer is 403, forbidden.",
    "unauthorized": "The answer is 401, unauthorized.",
    # Worded with their particulars by the stage that found them, and by history().
    "domain_elsewhere": "",
    "domain_unowned": "",
    "unchanged": "",
}


def history(subject: Subject) -> str:
    """Return what was changed here since the subject last worked; "" when it is not known that it ever did."""
    if subject.changed is None:
        return ""
    if not subject.changed:
        return "It worked before, and nothing was changed here since."
    names = labels(subject.kind)
    return f"It worked until {' and '.join(names.get(name, name) for name in subject.changed)} changed."
