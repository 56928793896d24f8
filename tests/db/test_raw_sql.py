"""SQL, and what Django's ORM does not document, are in configurator/db, and elsewhere only with a reason."""

import ast
from pathlib import Path

import pytest
from django.db.models.sql import Query

from tests.source import modules, tree

ROOM = Path("configurator/db")
# Elsewhere, and why.
ALLOWED = {
    "configurator/local/postgres.py": "creates the database, before Django has one",
    "configurator/jobs/lease.py": "a second connection, since the transaction of the job is still open",
    "health/problems/affected.py": "counts up to a limit what each of many causes stops, which takes LATERAL",
    "health/problems/upcoming.py": "counts up to a limit what each of many days stops, which takes LATERAL",
}
CALLS = {"cursor", "execute", "executemany", "callproc", "raw", "extra"}
NAMES = {"RawSQL", "RunSQL", "as_sql", "as_postgresql", "get_compiler", "sql_with_params", "resolve_expression"}
PACKAGES = ("psycopg2", "psycopg", "django.db.models.sql", "django.db.backends")
OF_A_QUERY = {name for name in dir(Query(None)) if not name.startswith("__")}
# An expression with a text of its own.
EXPRESSIONS = {"Aggregate", "Expression", "Func", "Lookup", "Subquery", "Transform"}
TEXTS = {"template", "arg_joiner"}
# What Django documents of a model's and of a form's _meta, and the options that one writes there oneself.
DOCUMENTED = {
    "app_label", "concrete_fields", "constraints", "db_table", "error_messages", "field_classes", "fields",
    "get_field", "get_fields", "help_texts", "indexes", "label", "label_lower", "labels", "many_to_many", "model",
    "model_name", "ordering", "pk", "related_objects", "verbose_name", "verbose_name_plural", "widgets",
}  # fmt: skip


def of_attribute(node: ast.Attribute) -> bool:
    """Tell whether an attribute is one of a query's, or of a model's options, that is not documented."""
    match node.value:
        case ast.Attribute(attr="query"):
            return node.attr in OF_A_QUERY
        case ast.Attribute(attr="_meta"):
            return node.attr not in DOCUMENTED
    return node.attr in NAMES


def of_keyword(node: ast.keyword) -> bool:
    """Tell whether an argument is the text of an expression; the template of a page ends in .html."""
    is_page = isinstance(node.value, ast.Constant) and str(node.value.value).endswith(".html")
    return node.arg in TEXTS and not is_page


def of_import(node: ast.AST) -> bool:
    """Tell whether the driver, a compiler or a raw expression is imported."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return False
    modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [item.name for item in node.names]
    return any(name.startswith(PACKAGES) for name in modules) or any(item.name in NAMES for item in node.names)


def is_breach(node: ast.AST) -> bool:
    """Tell whether the node is SQL, or reaches inside the ORM."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in CALLS
        case ast.FunctionDef(name=name):
            return name in NAMES
        case ast.ClassDef(bases=bases):
            return any(isinstance(base, ast.Name) and base.id in EXPRESSIONS for base in bases)
        case ast.Attribute():
            return of_attribute(node)
    return of_keyword(node) if isinstance(node, ast.keyword) else of_import(node)


def found_in(path: Path) -> list[str]:
    """Return what a file has of SQL, as ``file:line: text``."""
    found = [node for node in ast.walk(tree(path)) if is_breach(node)]
    return [f"{path}:{getattr(node, 'lineno', 0)}: {ast.unparse(node).splitlines()[0][:80]}" for node in found]


def test_sql_is_in_its_room() -> None:
    outside = {path.as_posix(): found_in(path) for path in modules() if ROOM not in path.parents}
    found = [line for path, lines in outside.items() if path not in ALLOWED for line in lines]
    gone = [path for path in ALLOWED if not outside.get(path)]

    assert not found, (
        "\n".join(found)
        + f"\nSQL and the ORM's inside belong in {ROOM}/, where other code can call them. If one cannot "
        "move there, name its file in ALLOWED in tests/db/test_raw_sql.py, with the reason."
    )
    assert not gone, f"take out of ALLOWED in tests/db/test_raw_sql.py what has no SQL any more: {', '.join(gone)}"


@pytest.mark.parametrize(
    "text",
    [
        "with connection.cursor() as cursor: pass",
        "self.aside.cursor().execute('SELECT 1')",
        "Queue.objects.raw('SELECT 1')",
        "Queue.objects.extra(where=['true'])",
        "from django.db.models.expressions import RawSQL",
        "from django.db.models import expressions\nexpressions.RawSQL('1', [])",
        "import psycopg2.extensions",
        "from django.db.models.sql.compiler import SQLCompiler",
        "rows.query.sql_with_params()",
        "rows.query.get_compiler('default').as_sql()",
        "'says' in rows.query.annotations",
        "rows.query.clear_where()",
        "Queue._meta.local_concrete_fields",
        "Queue._meta.total_unique_constraints",
        "Func('name', template='%(function)s(1)')",
        "class Own(Func):\n    template = '1'",
        "class Own:\n    def as_sql(self): ...",
    ],
)
def test_a_planted_breach_is_found(text: str, tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(text, encoding="utf-8")
    assert found_in(planted)


@pytest.mark.parametrize(
    "text",
    [
        "urlsplit(url).query.split('&')",
        "Block('Rights', template='console/people/role_rights.html')",
        "Queue._meta.get_field('name')",
        "view.query",
    ],
)
def test_other_code_is_not(text: str, tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(text, encoding="utf-8")
    assert found_in(planted) == []
