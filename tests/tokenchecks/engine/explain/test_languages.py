"""A sentence in another language is explained as its English twin."""

import tomllib
import unicodedata
from typing import Any

import pytest

from tokenchecks.engine.explain.diagnose import diagnose
from tokenchecks.engine.explain.languages import FILE, GAP, in_english

ENTRIES: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["sentence"]
# Words that decide nothing alone.
WORDS = {"client secret", "expired", "invalid", "access denied", "conditional access", "multi-factor authentication"}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["english"][:40])
def test_each_is_read_as_its_english_twin(entry: dict[str, Any]) -> None:
    for said in entry["said"]:
        assert f" {entry['english']}: " in in_english(f"Error 1: {said.replace(GAP, ' x ')}."), said


@pytest.mark.parametrize(
    "entry", [entry for entry in ENTRIES if entry["english"] not in WORDS], ids=lambda entry: entry["english"][:40]
)
def test_each_sentence_is_explained_as_its_english_twin(entry: dict[str, Any]) -> None:
    twin = diagnose(entry["english"]).findings[0].meaning.key
    assert twin != "nothing_recognised"
    for said in entry["said"]:
        assert diagnose(f"Error: {said.replace(GAP, ' x ')}.").findings[0].meaning.key == twin, said


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Les clés secrètes client de l'application '1' ont expiré", "secret_expired"),
        ("Las claves secretas de cliente proporcionadas para la aplicación han caducado", "secret_expired"),
        ("提供的应用程序的客户端密码已过期", "secret_expired"),
        ("Der geheime Clientschlüssel ist ungültig", "secret_wrong"),
        ("Срок действия предоставленных секретных ключей клиента для приложения '1' истек", "secret_expired"),
        ("Zugriff verweigert. Überprüfen Sie die Anmeldeinformationen", "permission_denied"),
        ("Sie müssen die Multi-Faktor-Authentifizierung verwenden", "mfa_required"),
        ("L'accès a été bloqué par les stratégies d'accès conditionnel", "policy_blocks_account"),
        ("OSError: Auf dem Gerät ist kein Speicherplatz mehr verfügbar", "disk_full"),
        ("php_network_getaddresses: Nom ou service inconnu", "net_dns"),
    ],
)
def test_words_are_put_together(text: str, cause: str) -> None:
    assert diagnose(text).findings[0].meaning.key == cause


@pytest.mark.parametrize(
    "text",
    [
        "Der Remotename konnte nicht aufgeloest werden",
        "Der Remotename konnte nicht aufgelost werden",
        unicodedata.normalize("NFD", "Der Remotename konnte nicht aufgelöst werden"),
        "DER REMOTENAME KONNTE NICHT AUFGELÖST WERDEN",
        "Der Remotename konnte nicht\n  aufgelöst werden",
        "Le nom distant n\u2019a pas pu être résolu",
        "リモート名を解決できませんでした",
    ],
)
def test_a_sentence_is_known_in_all_the_ways_it_is_written(text: str) -> None:
    assert diagnose(text).findings[0].meaning.key == "net_dns"


def test_what_is_no_sentence_is_left_alone() -> None:
    text = "AADSTS7000222: The provided client secret keys are expired. Überhaupt nichts, nulla, rien."
    assert in_english(text) == text


@pytest.mark.parametrize(
    ("text", "class_"),
    [
        ("System.Net.WebException: ไม่สามารถแก้ไขชื่อระยะไกล", "network"),
        ("System.Net.Sockets.SocketException (10061): Không thể kết nối", "network"),
        ("System.Net.Http.HttpRequestException: לא ניתן להתחבר לשרת", "network"),
        ("System.Security.Authentication.AuthenticationException: Το πιστοποιητικό δεν είναι έγκυρο", "network"),
        ("Fehler 0x80072EE7", "network"),
        ("0x80090325", "network"),
    ],
)
def test_names_and_numbers_are_the_same_in_all_languages(text: str, class_: str) -> None:
    assert diagnose(text).findings[0].meaning.class_ == class_
