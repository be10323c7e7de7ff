"""People and invitations in the admin: who holds which role, never a full phone number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from competition import permissions, roles
from competition.admin.base import PortalAdmin
from competition.errors import Invalid, Refusal
from competition.models import Invitation, User
from competition.phones import phone_hash
from competition.services import people


class InvitationForm(forms.ModelForm):
    role = forms.ChoiceField(label="角色")
    phone = forms.CharField(
        label="手机号",
        required=False,
        max_length=30,
        help_text="填写手机号则以短信邀请；不填则发到下面的邮箱。",
    )

    class Meta:
        model = Invitation
        fields = ("full_name", "phone", "email", "department")

    actor: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may = [(key, label) for key, label in roles.LABELS.items() if permissions.can_invite(self.actor, key)]
        cast(forms.ChoiceField, self.fields["role"]).choices = may

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                people.check_invitation(
                    data["role"], data["full_name"], data["phone"], data["email"], data["department"]
                )
            except Invalid as refusal:
                for field, sentence in refusal.problems.items():
                    self.add_error(field, sentence)
        return data


@admin.register(Invitation)
class InvitationAdmin(PortalAdmin):
    may_view = staticmethod(permissions.can_see_people)
    may_add = staticmethod(permissions.can_see_people)
    list_display = [
        "full_name",
        "role",
        "sent_to",
        "department",
        "state",
        "inviter",
        "created_at",
        "expires_at",
    ]
    list_select_related = ["group", "department", "invited_by"]
    search_fields = ["full_name", "email"]
    readonly_fields = (
        "full_name",
        "role",
        "sent_to",
        "department",
        "state",
        "inviter",
        "created_at",
        "expires_at",
    )
    actions = ["resend", "revoke"]

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> Any:
        return self.readonly_fields if obj else ["role", "full_name", "phone", "email", "department"]

    def get_readonly_fields(self, request: HttpRequest, obj: Invitation | None = None) -> Any:
        return self.readonly_fields if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        return type("SentInvitationForm", (InvitationForm,), {"actor": request.user})

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        data = form.cleaned_data
        sent = people.invite(actor=cast(User, request.user), **data)
        obj.__dict__.update(sent.__dict__)

    @admin.display(description="角色", ordering="group__name")
    def role(self, invitation: Invitation) -> str:
        return roles.LABELS.get(invitation.group.name, invitation.group.name)

    @admin.display(description="发至")
    def sent_to(self, invitation: Invitation) -> str:
        return people.addressee(invitation)

    @admin.display(description="状态")
    def state(self, invitation: Invitation) -> str:
        return people.state_of(invitation)

    @admin.display(description="邀请人")
    def inviter(self, invitation: Invitation) -> str:
        return str(invitation.invited_by)

    @admin.action(description="重新发送所选邀请（旧链接失效）", permissions=["add"])
    def resend(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        self._each(request, queryset, people.resend, "已重新发送 {} 份邀请。")

    @admin.action(description="撤回所选邀请", permissions=["add"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        self._each(request, queryset, people.revoke_invitation, "已撤回 {} 份邀请。")

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[Invitation],
        verb: Callable[..., Invitation],
        sentence: str,
    ) -> None:
        done = 0
        for invitation in queryset:
            try:
                verb(invitation, actor=request.user)
                done += 1
            except Refusal as refusal:
                self.message_user(request, f"{invitation.full_name}：{refusal.sentence}", messages.WARNING)
        if done:
            self.message_user(request, sentence.format(done), messages.SUCCESS)


class RoleFilter(admin.SimpleListFilter):
    title = "角色"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(roles.LABELS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


class UserForm(forms.ModelForm):
    held_roles = forms.MultipleChoiceField(
        label="角色",
        choices=list(roles.LABELS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="授予后，对方下次操作时须设置两步验证；收回角色会立即结束对方的登录。",
    )

    class Meta:
        model = User
        fields = ("is_active",)
        help_texts = {"is_active": "取消勾选即停用账号：不能登录，现有登录立即结束。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "held_roles" in self.fields:
            self.fields["held_roles"].initial = sorted(self.instance.roles)


@admin.register(User)
class UserAdmin(PortalAdmin):
    may_view = staticmethod(permissions.can_see_people)
    may_change = staticmethod(permissions.can_manage_people)
    form = UserForm
    list_display = ["display_name", "phone_shown", "email", "role_names", "is_active", "last_login"]
    list_filter = ["is_active", RoleFilter]
    search_fields = ["full_name", "email"]
    search_help_text = "按姓名、邮箱或完整手机号查找"
    readonly_fields = [
        "full_name",
        "phone_shown",
        "email",
        "department",
        "role_names",
        "last_login",
        "date_joined",
    ]
    ordering = ["-date_joined"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).select_related("department").prefetch_related("groups")

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        shown = ["full_name", "phone_shown", "email", "department", "last_login", "date_joined"]
        may_change = permissions.can_manage_people(cast(User, request.user))
        return [*shown, "held_roles", "is_active"] if may_change else [*shown, "role_names", "is_active"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        found, duplicates = super().get_search_results(request, queryset, search_term)
        digits = search_term.strip().removeprefix("+86").replace(" ", "")
        if digits.isdecimal() and len(digits) == 11:
            found = queryset.filter(Q(phone_hash=phone_hash(digits)))
        return found, duplicates

    @admin.display(description="姓名", ordering="full_name")
    def display_name(self, user: User) -> str:
        return user.display_name

    @admin.display(description="手机号")
    def phone_shown(self, user: User) -> str:
        return user.masked_phone or "—"

    @admin.display(description="角色")
    def role_names(self, user: User) -> str:
        return "、".join(roles.LABELS.get(group.name, group.name) for group in user.groups.all()) or "—"

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Each change is a verb with its own rules and its own audit row."""
        actor = cast(User, request.user)
        before, after = obj.roles, frozenset(form.cleaned_data["held_roles"])
        switched = "is_active" in form.changed_data
        try:
            if switched and obj.is_active:
                people.reactivate(obj, actor=actor)
            for role in sorted(after - before):
                people.grant_role(obj, role, actor=actor)
            for role in sorted(before - after):
                people.revoke_role(obj, role, actor=actor)
            if switched and not form.cleaned_data["is_active"]:
                people.deactivate(obj, actor=actor)
        except Refusal as refusal:
            self.message_user(request, refusal.sentence, messages.ERROR)
