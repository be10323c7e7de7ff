"""Triggers by which the database keeps what approval froze (R76)."""

from __future__ import annotations

import pgtrigger

_APPROVED = "SELECT 1 FROM registration_team WHERE id = {row}.team_id AND status = 'approved'"


def frozen_with_team(noun: str, columns: tuple[str, ...]) -> list[pgtrigger.Trigger]:
    """Refuse adding, removing and changing rows of an approved team; other columns stay free."""
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)
    refuse = "RAISE EXCEPTION 'team % is approved and frozen', {row}.team_id;"
    return [
        pgtrigger.Trigger(
            name=f"{noun}_no_insert_once_approved",
            operation=pgtrigger.Insert,
            when=pgtrigger.Before,
            func=f"IF EXISTS ({_APPROVED.format(row='NEW')}) THEN {refuse.format(row='NEW')} END IF; RETURN NEW;",
        ),
        pgtrigger.Trigger(
            name=f"{noun}_no_delete_once_approved",
            operation=pgtrigger.Delete,
            when=pgtrigger.Before,
            func=f"IF EXISTS ({_APPROVED.format(row='OLD')}) THEN {refuse.format(row='OLD')} END IF; RETURN OLD;",
        ),
        pgtrigger.Trigger(
            name=f"{noun}_no_change_once_approved",
            operation=pgtrigger.Update,
            when=pgtrigger.Before,
            func=f"IF ({changed}) AND EXISTS ({_APPROVED.format(row='OLD')}) "
            f"THEN {refuse.format(row='OLD')} END IF; RETURN NEW;",
        ),
    ]
