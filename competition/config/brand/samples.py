"""Literal samples for the components page of the demo."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from competition.models import Edition
from competition.stages import overview


def samples(edition: Edition, now: datetime) -> dict[str, Any]:
    """Everything that ``competition/components.html`` shows, around the edition's time ``now``."""
    return {
        "menu": _menu(),
        "menu_title": "申报书目录",
        "samples": {
            **_texts(),
            **_work(now),
            "stages": overview(edition),
        },
    }


def _menu() -> list[dict[str, Any]]:
    return [
        {
            "group": "基本信息",
            "label": "项目基本信息",
            "url": "#",
            "state": "done",
            "sign": "已完成",
            "key": "a",
        },
        {
            "group": "基本信息",
            "label": "数据市场化",
            "url": "#",
            "state": "act",
            "sign": "2处待改",
            "key": "b",
        },
        {
            "group": "基本信息",
            "label": "应用场景",
            "url": "#",
            "state": "now",
            "sign": "填写中",
            "current": True,
        },
        {"group": "项目介绍", "label": "项目概述", "url": "#", "state": "todo", "sign": "未填写", "key": "d"},
        {"group": "项目介绍", "label": "解决方案", "url": "#", "state": "todo", "sign": "未填写", "key": "e"},
    ]


def _texts() -> dict[str, Any]:
    return {
        "crumbs": [{"label": "首页", "url": "/"}, {"label": "演示", "url": "/demo/"}, {"label": "组件"}],
        "actions": [{"label": "次要操作", "url": "#", "icon": "print"}],
        "choices": ["公共数据", "企业数据", "个人用户数据", "其他数据"],
        "text": "山西是能源大省，煤矿、电网和用能企业的数据分散在不同系统。" * 4,
        "problems": [
            {"label": "项目名称", "sentence": "请填写项目名称，2至50字。", "href": "#sample-name"},
            {"label": "应用单位名称", "sentence": "请填写应用单位名称。", "href": "#case-0-unit"},
        ],
        "people": [
            {
                "name": "李华",
                "unit": "太原云数科技有限公司",
                "phone": "138****8000",
                "state": "done",
                "word": "已确认",
            },
            {
                "name": "王芳",
                "unit": "山西大学",
                "phone": "139****1234",
                "state": "wait",
                "word": "待本人确认",
            },
        ],
    }


def _work(now: datetime) -> dict[str, Any]:
    return {
        "todos": [
            {
                "title": "请2位参赛代表完成本人确认",
                "text": "每位代表用自己手机收到的验证码确认，全部确认后才能提交报名。",
                "until": now + timedelta(days=3, hours=4),
                "url": "#",
                "label": "查看确认情况",
            },
        ],
        "receipt": [
            {"label": "团队", "value": "晋能数智队"},
            {"label": "项目", "value": "面向煤矿安全监管的多源数据融合应用"},
            {"label": "赛题", "value": "1-4 提升安全生产监管能力"},
            {"label": "提交时间", "value": "2025年7月8日 14:03（周二），以服务器时间为准"},
        ],
        "events": [
            {"at": now, "text": "秘书处办公室开始资格审核", "who": "秘书处办公室"},
            {"at": now - timedelta(days=1), "text": "提交报名", "note": "3家单位，4位参赛代表"},
            {"at": now - timedelta(days=6), "text": "创建团队"},
        ],
    }
