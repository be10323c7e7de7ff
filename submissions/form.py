"""An edition's application form, read once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Final

from competition.declaration import Node, Problems
from competition.form_schema import FormSchema, form_from
from competition.models import Edition
from submissions.sealing import content_hash

_KEPT: Final = 8
_forms: OrderedDict[str, FormSchema] = OrderedDict()
_lock = Lock()


def schema_of(edition: Edition) -> FormSchema:
    """The form of an edition. Kept by the edition's digest; EditionProblems if its declaration is broken."""
    key = edition.digest or content_hash(edition.form)
    with _lock:
        form = _forms.get(key)
        if form is not None:
            _forms.move_to_end(key)
            return form
    form = _read(edition)
    with _lock:
        _forms[key] = form
        while len(_forms) > _KEPT:
            _forms.popitem(last=False)
    return form


def _read(edition: Edition) -> FormSchema:
    problems = Problems()
    form = form_from(Node(edition.form, "form", problems))
    problems.raise_if_any()
    return form
