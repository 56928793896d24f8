"""A person who works by keyboard alone: looks where the focus is, and presses Tab until it is where it should be."""

from typing import Any

from playwright.sync_api import Page

LIMIT = 120
NAME = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return "";
  const labelled = (element.getAttribute("aria-labelledby") || "").split(" ")
    .map((id) => document.getElementById(id)?.textContent || "").join(" ");
  const label = element.labels?.length ? element.labels[0].textContent : "";
  const name = element.getAttribute("aria-label") || labelled.trim() || label || element.textContent || element.value;
  return (name || "").replace(/\\s+/g, " ").trim();
}"""


class Keyboard:
    """Keys pressed on a page, and nothing else: no mouse, no direct focus, no filling from outside."""

    def __init__(self, page: Page) -> None:
        """Work on that page."""
        self.page = page

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def focused(self) -> str:
        """Return the name of what has the focus, as a screen reader would say it."""
        return str(self.page.evaluate(NAME))

    def reach(self, name: str) -> None:
        """Press Tab until what is named so, or begins so, has the focus; fails when that takes too long."""
        seen = []
        for _ in range(LIMIT):
            self.press("Tab")
            seen.append(self.focused())
            if seen[-1] == name or seen[-1].startswith(f"{name} "):
                return
        raise AssertionError(f"{name!r} cannot be reached by Tab; reached {list(dict.fromkeys(seen))}")

    def type(self, name: str, text: Any) -> None:
        """Reach the field and type."""
        self.reach(name)
        self.page.keyboard.insert_text(str(text))

    def follow(self, name: str) -> None:
        """Reach a link or a button, press Enter, and wait for the page it leads to."""
        self.reach(name)
        with self.page.expect_navigation():
            self.press("Enter")

    def tick(self, name: str) -> None:
        """Reach a checkbox or a radio button and press the space bar."""
        self.reach(name)
        self.press("Space")
