"""Exports of the lists of the admin site: the rows that its filters and search leave."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from competition.errors import Invalid


def listed(request: HttpRequest, model: type[Model]) -> QuerySet[Any]:
    """The rows that the admin's list of ``model`` shows for this query, of all pages. Raises Invalid."""
    try:
        rows: QuerySet[Any] = admin.site.get_model_admin(model).get_changelist_instance(request).queryset
    except IncorrectLookupParameters:
        raise Invalid({"": "筛选条件不正确，请在列表页重新选择后再导出。"}) from None
    return rows.prefetch_related(None)
