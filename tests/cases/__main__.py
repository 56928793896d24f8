"""``python -m tests.cases`` writes docs/cases.md."""

from tests.cases.paper import PAPER, paper

if __name__ == "__main__":
    PAPER.write_text(paper(), encoding="utf-8")
