"""Signs that are not seen or pass for others: the one place that decides what becomes of them (docs/signs.md).

The rules follow Unicode's reports on security (UTR #36, UTS #39); nothing here needs Django.

- Identifiers and addresses (``stripped``, ``plain``, ``address``): what is not seen is dropped, any other
  sign that has no place there is refused by its name.
- Free text (``line``, ``lines``): what is not seen is dropped and blanks become plain, except where spelling needs
  them.
- What is searched for (``tidy``) is read as free text.
- ``key`` is what texts are compared by that should not differ by such signs alone.
"""

from configurator.signs.naming import Sign, StrangeSign
from configurator.signs.tables import looks_like
from configurator.signs.texts import difference, key, line, lines, tidy
from configurator.signs.values import address, dropped, plain, strange, strange_in_domain, stripped, unseen

__all__ = [
    "Sign", "StrangeSign", "address", "difference", "dropped", "key", "line", "lines", "looks_like", "plain", "strange",
    "strange_in_domain", "stripped", "tidy", "unseen",
]  # fmt: skip
