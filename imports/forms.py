"""The form that takes a file."""

from typing import Any

from django import forms
from django.conf import settings

from imports.kinds import Kind

MIB = 1024 * 1024
CHOOSE_FILE = "Choose a file: SC's tab-delimited format, CSV or XLSX."
TOO_LARGE = f"The file is larger than {settings.FILE_UPLOAD_MAX_MEMORY_SIZE // MIB} MB. Split it and import the parts."


class UploadForm(forms.Form):
    """What is imported, and the file."""

    kind = forms.ChoiceField(
        label="What the file holds",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the file holds.", "invalid_choice": "Choose what the file holds."},
    )
    file = forms.FileField(
        label="File",
        max_length=None,
        help_text="SC's own tab-delimited format, as Export gives it, CSV or XLSX. The first row names the columns; a "
        "column Delete with D in it deletes. Of a workbook the first sheet that is not hidden is read. At most 20 MB "
        "and 50,000 rows.",
        widget=forms.FileInput(attrs={"accept": ".txt,.tsv,.tab,.csv,.xlsx"}),
        error_messages={"required": CHOOSE_FILE, "missing": CHOOSE_FILE, "invalid": CHOOSE_FILE},
    )

    def __init__(self, *args: Any, kinds: dict[str, type[Kind]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["kind"]
        chosen.choices = [(key, kind.label) for key, kind in kinds.items()]
        empty: Any = self.fields["file"]
        empty.error_messages["empty"] = "The file is empty. Its first row must name the columns, as an export's does."

    @property
    def blocks(self) -> tuple[()]:
        """No blocks: the summary of errors takes the fields as they come."""
        return ()

    @property
    def typed_secrets(self) -> tuple[()]:
        """Nothing secret is typed here."""
        return ()
