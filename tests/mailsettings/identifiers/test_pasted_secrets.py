"""What is told to be no client secret, and that real ones, of today and of before 2021, are taken."""

import base64
import random
import string

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from configurator.vault.text import Secret
from mailsettings.validators import client_secret, mailbox_password, password_notices, secret_notices

NOW = string.ascii_letters + string.digits + "._-~"
BEFORE = string.ascii_letters + string.digits + "+/=[]:?._-@*"
REAL = "aB3" + "8Q~" + "xY7.kLm_pQr-sTu0vWx1yZa2bCd3eFg4"


def made(seed: int) -> str:
    """Return a secret as Entra makes it now."""
    chance = random.Random(seed)  # noqa: S311  no real secret
    return (
        "".join(chance.choices(NOW, k=3))
        + f"{chance.randrange(10)}Q~"
        + "".join(chance.choices(NOW, k=chance.randint(31, 34)))
    )


def made_before(seed: int) -> str:
    """Return a secret as Entra made it before 2021."""
    chance = random.Random(seed)  # noqa: S311  no real secret
    return "".join(chance.choices(BEFORE, k=chance.randint(32, 44)))


@given(st.integers(0, 2**64))
def test_real_secrets_are_taken(seed: int) -> None:
    client_secret(Secret(made(seed)))
    client_secret(Secret(made_before(seed)))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("@Microsoft.KeyVault(SecretUri=https://contoso-kv.vault.azure.net/secrets/mail/)", "key vault"),
        ("@Microsoft.KeyVault(VaultName=kv;SecretName=mail)", "key vault"),
        ("https://contoso-kv.vault.azure.net/secrets/mail/0123", "key vault"),
        ("contoso-kv.vault.usgovcloudapi.net/secrets/mail", "key vault"),
        ("arn:aws:secretsmanager:eu-west-1:123:secret:mail", "secret store"),
        ("op://Private/entra/secret", "secret store"), ("vault:secret/data/mail#value", "secret store"),
        ("projects/1/secrets/mail/versions/latest", "secret store"), ("ref+vault://kv/mail", "secret store"),
        ("secretref:mail", "secret store"),
        ("${CLIENT_SECRET}", "variable"), ("$env:CLIENT_SECRET", "variable"), ("%CLIENT_SECRET%", "variable"),
        ("$CLIENT_SECRET", "variable"), ("{{ client_secret }}", "variable"), ("${{ secrets.MAIL }}", "variable"),
        ("env:MAIL", "variable"), ("$(MailSecret)", "variable"), ("#{MailSecret}#", "variable"),
        ("[parameters('secret')]", "variable"), ("__MAIL__", "variable"), ("process.env.MAIL", "variable"),
        ("<your-secret>", "placeholder"), ("your client secret here", "placeholder"),
        ("[client secret]", "placeholder"),
        ("Abc*****", "masked"), ("••••••••", "masked"), ("xxxxxxxx", "masked"), ("Hidden", "masked"),
        ("abc...........", "masked"),
        ("-----BEGIN CERTIFICATE-----\nMIIC", "certificate"), ("-----BEGIN PRIVATE KEY-----", "certificate"),
        ("a1" * 20, "thumbprint"), ("A1" * 32, "thumbprint"), (":".join(["A1"] * 20), "thumbprint"),
        ("eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiIxIn0.c2ln", "token"), ("0.A" + "Xy9_-." * 30, "refresh token"),
        ("Bearer eyJ0", "header"), ('{"client_secret": "x"}', "JSON"), ("client_secret=abc", "name before"),
        ("Secret: abc", "name before"), ('"clientSecret": "abc",', "name before"),
        ("AZURE_CLIENT_SECRET=abc", "name before"),
        ("Value\tabc", "name before"), ("Secret value : abc", "name before"), ("Password=abc", "name before"),
        ("Endpoint=sb://x.example/;SharedAccessKey=abc=", "connection string"),
        ("Server=x;Password=y;", "connection string"),
        ("secret", "word"), ("Password", "word"), ("client-secret", "word"), ("changeme", "word"),
        ("MY_MAIL_SECRET", "word"),
        ("Kennwort", "word"), ("none", "word"),
        ("https://login.microsoftonline.com/common", "web address"), ("contoso.onmicrosoft.com", "web address"),
        ("/run/secrets/mail", "file"), ("C:\\keys\\mail.pfx", "file"), ("help@contoso.example", "e-mail address"),
        ("3f2a0c1e-5b7d-4c69-9a55-0d2b6f1e8a11", "Secret ID"),
        ("{3F2A0C1E-5B7D-4C69-9A55-0D2B6F1E8A11}", "Secret ID"),
        (f"3f2a0c1e-5b7d-4c69-9a55-0d2b6f1e8a11:{REAL}", "GUID with something else"),
        (base64.b64encode(REAL.encode()).decode(), "base64"), (REAL.replace("~", "%7E"), "URL"),
        ("x1" * 200, "longer"),
        ("$ANSIBLE_VAULT;1.1;AES256", "encrypted"), ("ENC[AES256_GCM,data:x]", "encrypted"),
        ("export MAIL=abc", "command line"),
        (REAL + "\u200b", "The 39th sign is a zero width space (U+200B), and no client secret holds such a sign."),
        (REAL[:9] + "\u043e" + REAL[9:], "The 10th sign is a Cyrillic small letter o (U+043E)"),
        ("\u202a" + REAL, "The 1st sign is a left-to-right embedding (U+202A)"),
        (f'"{REAL}"', "quotation marks"), (f"“{REAL}”", "left double quotation mark"),
        (f"{REAL} {REAL}", "more than one secret"), (f"{REAL},{REAL}", "more than one secret"),
        (f"{REAL[:20]} {REAL[20:]}", "blank inside"),
        ("Microsoft.KeyVault(SecretUri=x)", "key vault"), ("@AzureKeyVault(x)", "key vault"),
        ("AKV", "key vault"), ("akv:mail/secret", "key vault"), ("kv/mail", "key vault"),
        ("keyvault:mail", "key vault"),
        ("Azure Key Vault", "key vault"), ("keyvaultref", "key vault"), ("!!vault", "variable"),
        ("azurekeyvault://kv/mail", "key vault"), ("see KeePass", "word"), ("siehe Tresor", "word"),
        ("in 1Password", "word"), ("OAuth Service", "word"), ("(unchanged)", "word"), ("yes", "word"),
        ("Mail.ReadWrite", "permission"), ("IMAP.AccessAsUser.All", "permission"), ("3/31/2027", "a date"),
        ("31 March 2027", "a date"), ("=A1", "spreadsheet"), ("#N/A", "spreadsheet"), ("#BEZUG!", "spreadsheet"),
        (f"{REAL[:6]}**********", "masked"), ("...", "masked"), ("-", "masked"),
    ],
)  # fmt: skip
def test_what_is_no_secret_is_told(text: str, what: str) -> None:
    with pytest.raises(ValidationError) as raised:
        client_secret(Secret(text))
    [said] = raised.value.messages
    assert what in said
    assert REAL not in said
    assert text not in said or len(text) < 13  # a word that the message needs


def test_a_secret_that_was_chosen_by_hand_is_taken_with_a_notice() -> None:
    chosen = Secret("""a+b%2Bc&d=e~f;g 'h"i<j>k\\l""")
    client_secret(chosen)
    holds, short = secret_notices("Secret", chosen)
    assert "a blank, a quotation mark, an apostrophe" in holds
    assert "fewer than 32 characters" in short
    assert secret_notices("Secret", Secret(REAL)) == secret_notices("Secret", None) == []


@given(st.integers(0, 2**64))
def test_real_secrets_are_taken_without_a_notice(seed: int) -> None:
    assert secret_notices("Secret", Secret(made(seed))) == []
    old = made_before(seed)
    assert secret_notices("Secret", Secret(old)) == [] or old.endswith("...")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (REAL[:30], "looks cut"), (REAL[:36], "looks cut"), (REAL[:7], "looks cut"), (REAL[1:], "looks cut"),
        (REAL[4:], "looks cut"), (f"{REAL[:20]}...", "looks cut"), ("Zk3+" * 8 + "...", "looks cut"),
        ("Summer2024!", "fewer than 32"), ("hunter2", "fewer than 32"), ("Zk3+" * 7, "fewer than 32"),
        ("3f2a0c1e5b7d4c699a550d2b6f1e8a11", "hexadecimal"), ("3F2A0C1E5B7D4C699A550D2B6F1E8A11", "hexadecimal"),
        ("3f2a0c1e-5b7d-4c69-9a55-0d2b6f1e8a1", "hexadecimal"), ("0123456789abcdef" * 3, "hexadecimal"),
        (f"{REAL}xyzab", "longer than Entra's"), ("Zk3+" * 12, "longer than Entra's"),
    ],
)  # fmt: skip
def test_what_is_unlike_entras_secrets_is_taken_with_a_notice(text: str, what: str) -> None:
    client_secret(Secret(text))
    [said] = secret_notices("Secret", Secret(text))
    assert said.startswith("Secret ")
    assert what in said
    assert text not in said


@pytest.mark.parametrize(
    "password", ["corr3ct horse", "pässwörd", "密码密码", "p\u043essword", "secret", "a\u200bb", "a\u00a0b"]
)
def test_a_password_may_hold_anything_inside(password: str) -> None:
    mailbox_password(Secret(password))
    said = password_notices("E-Mail Password", Secret(password))
    assert bool(said) is (password in ("a\u200bb", "a\u00a0b"))
    assert password not in "".join(said)


@pytest.mark.parametrize("sign", ["\u200b", "\ufeff", "\u00a0", "\u202c", "\u2060", " ", "\u3164", "\u3000"])
def test_a_password_neither_begins_nor_ends_unseen(sign: str) -> None:
    for password in (f"{sign}corr3ct", f"corr3ct{sign}"):
        with pytest.raises(ValidationError):
            mailbox_password(Secret(password))
