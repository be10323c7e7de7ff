"""Shape of what is typed about works, opportunities and the ceremony."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from awards.models import Interest, Opportunity, PrizeTier
from awards.services import library
from awards.services.opportunities import BODY_MOST
from competition.models import Edition, Track
from judging.forms.verification import INSTANT, PlainForm

_TEXT: Final = {"class": "form-control"}
_NEEDED: Final = {"required": "请填写此项。"}


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={**_TEXT, "rows": rows})


class LibraryFilter(forms.Form):
    """Which works the library shows; what is not understood counts as not chosen."""

    track = forms.ModelChoiceField(
        Track.objects.none(),
        label="赛道",
        required=False,
        to_field_name="number",
        empty_label="全部赛道",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    tier = forms.ModelChoiceField(
        PrizeTier.objects.none(),
        label="奖项",
        required=False,
        to_field_name="key",
        empty_label="全部奖项",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    q = forms.CharField(
        label="关键词",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={**_TEXT, "type": "search"}),
    )

    def __init__(self, edition: Edition, data: Any) -> None:
        super().__init__(data, label_suffix="")
        self.fields["track"].queryset = edition.tracks.order_by("number")  # type: ignore[attr-defined]
        tiers = PrizeTier.objects.filter(edition=edition).exclude(pool="")
        self.fields["tier"].queryset = tiers  # type: ignore[attr-defined]
        self.is_valid()

    def chosen(self, name: str) -> Any:
        """What was chosen or typed; None or '' for nothing."""
        return self.cleaned_data.get(name)

    @property
    def query(self) -> dict[str, str]:
        """The choice as it stands in an address, without what was not chosen."""
        track, tier = self.chosen("track"), self.chosen("tier")
        words = {"track": str(track.number) if track else "", "tier": tier.key if tier else ""}
        return {name: value for name, value in {**words, "q": self.chosen("q") or ""}.items() if value}


class WorkForm(PlainForm):
    """The texts of a work; how long they may be the service counts as the notice does."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = forms.CharField(
        label="作品名称", max_length=120, error_messages=_NEEDED, widget=forms.TextInput(attrs=_TEXT)
    )
    summary = forms.CharField(label="简介", max_length=4000, required=False, widget=_area(12))
    wish = forms.CharField(label="合作意向", max_length=300, required=False, widget=_area(4))


class InterestForm(PlainForm):
    """Who would like to talk, about what."""

    kind = forms.ChoiceField(
        label="类别",
        choices=[("", "请选择"), *Interest.Kind.choices],
        error_messages={"required": "请选择类别。", "invalid_choice": "请选择类别。"},
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    organisation = forms.CharField(
        label="单位",
        max_length=library.ORGANISATION_MOST,
        error_messages={"required": "请填写单位名称。"},
        widget=forms.TextInput(attrs={**_TEXT, "autocomplete": "organization"}),
    )
    contact = forms.CharField(
        label="联系人和联系方式",
        max_length=library.CONTACT_MOST,
        error_messages={"required": "请填写联系方式。"},
        widget=forms.TextInput(attrs=_TEXT),
    )
    message = forms.CharField(
        label="留言",
        max_length=library.MESSAGE_MOST,
        error_messages={"required": "请写明合作意向。"},
        widget=_area(5),
    )


class OpportunityForm(PlainForm):
    """A scenario or need."""

    title = forms.CharField(
        label="标题",
        max_length=120,
        error_messages={"required": "请填写标题。"},
        widget=forms.TextInput(attrs=_TEXT),
    )
    organisation = forms.CharField(
        label="发布单位",
        max_length=120,
        error_messages={"required": "请填写发布单位。"},
        widget=forms.TextInput(attrs=_TEXT),
    )
    track = forms.ModelChoiceField(
        Track.objects.none(),
        label="相关赛道",
        required=False,
        empty_label="不限赛道",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    until = forms.DateField(
        label="有效期至",
        required=False,
        error_messages={"invalid": "请填写有效的日期，如 2025-12-31。"},
        widget=forms.DateInput(attrs={**_TEXT, "type": "date"}, format="%Y-%m-%d"),
    )
    body = forms.CharField(
        label="内容", max_length=BODY_MOST, error_messages={"required": "请填写内容。"}, widget=_area(8)
    )

    def __init__(self, edition: Edition, data: Any = None, one: Opportunity | None = None) -> None:
        names = ("title", "organisation", "track", "until", "body")
        initial = {name: getattr(one, name) for name in names} if one else {}
        super().__init__(data, initial=initial, label_suffix="")
        self.fields["track"].queryset = edition.tracks.order_by("number")  # type: ignore[attr-defined]


class CeremonyForm(PlainForm):
    """When and where."""

    starts_at = forms.DateTimeField(
        label="时间",
        required=False,
        error_messages={"invalid": "请填写有效的时间，如 2025-08-28 09:30。"},
        widget=forms.DateTimeInput(attrs={**_TEXT, "type": "datetime-local"}, format=INSTANT),
    )
    place = forms.CharField(label="地点", max_length=200, required=False, widget=forms.TextInput(attrs=_TEXT))
    body = forms.CharField(label="说明", max_length=BODY_MOST, required=False, widget=_area(5))
    is_public = forms.BooleanField(
        label="公开颁奖页面", required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )
