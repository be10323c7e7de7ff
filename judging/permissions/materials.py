"""Who looks through blind material, and the loaders through which every view gets it (R16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from competition import roles
from judging.models import BlindMaterial, BlindPage
from submissions.permissions import is_of_team

if TYPE_CHECKING:
    from competition.models import Edition, User


def sees_materials(user: User) -> bool:
    """Officers and chiefs have business with blind material."""
    return user.is_authenticated and user.has_role(roles.OFFICER, roles.CHIEF)


def can_check_material(user: User, material: BlindMaterial) -> bool:
    """Officers and chiefs look through it and release it, never for the own team."""
    return sees_materials(user) and not is_of_team(user, material.entry)


def get_material_for(user: User, edition: Edition, pk: int) -> BlindMaterial:
    """Material of the edition with entry, team, topic, track, version; else 404."""
    if not sees_materials(user):
        raise Http404("material")
    material = (
        BlindMaterial.objects.filter(edition=edition, pk=pk)
        .select_related("edition", "released_by", "revision", "entry__edition", "entry__team__topic__track")
        .defer("edition__rubrics", "entry__edition__rubrics", "entry__edition__form")
        .first()
    )
    if material is None:
        raise Http404("material")
    return material


def get_page_for(user: User, edition: Edition, pk: int, number: int) -> BlindPage:
    """A page of material of the edition; else 404."""
    if not sees_materials(user):
        raise Http404("page")
    page = (
        BlindPage.objects.filter(material__edition=edition, material=pk, number=number)
        .select_related("material__entry")
        .first()
    )
    if page is None:
        raise Http404("page")
    return page
