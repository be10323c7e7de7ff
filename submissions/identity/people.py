"""How people speak of a person: by the whole name, or by the surname with a title. Plain words, no ORM."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_SURNAMES_OF_TWO_TEXT: Final = """
欧阳 司马 上官 诸葛 慕容 令狐 司徒 夏侯 皇甫 尉迟 公孙 轩辕 东方 独孤 南宫 端木 百里 呼延 申屠
太史 长孙 宇文
"""
_SURNAMES_OF_TWO: Final = frozenset(_SURNAMES_OF_TWO_TEXT.split())
_TITLES: Final = (
    "总经理", "副总", "董事长", "经理", "教授", "研究员", "博士", "院长", "所长", "校长", "主任", "处长", "科长",
    "部长", "局长", "书记", "主席", "总监", "总工", "总工程师", "工程师", "高工", "老师", "先生", "女士", "同志", "院士", "医生",
)  # fmt: skip
#: Titles of one character, and what makes another word of them: 张总, and not 张总体.
_SHORT_TITLES: Final = {
    "总": "体量数额和计结局部共值产裁线务会站队经理监署长书编之是要",
    "董": "事理",
    "工": "作程业具序艺人厂资时期匠地科商种况夫会信件",
    "院": "士校线落系子",
    "局": "部面限势域",
    "处": "理于置在罚方",
}
#: Names of persons that are words of every application form.
_COMMON_TEXT: Final = """
高峰 高原 高山 高洁 高明 高远 高速 高新 高亮 方正 方圆 方便 方向 文明 文化 和平 和谐 平安 平衡
安全 安康 安宁 安定 江山 江海 白云 白雪 白天 黄河 黄金 金融 金属 关键 关系 关联 程序 程度 成功
成果 成长 成本 时代 时间 时空 常青 常态 明确 明显 明细 单位 单独 单一 项目 任务 任意 应用 应急
应对 经典 经济 经验 尚未 温度 温馨 向前 向上 向阳 东方 东风 南方 北方 建设 建国 富强 富裕 自强
团结 胜利 红旗 英雄 光明 黎明 先锋 智慧 思维 海洋 海量 大成 晨光 阳光 朝阳 曙光 春天 丰收 丰富
乐观 元素 严格 严密 严谨 易于 计算 计划 通过 车间 车辆 马上 马力 石油 钱包 牛奶 龙头 雷达 余额
余量 于是 水平 水利 水文 华北 华东 华夏 包括 包含 庞大 相关 相应 申请 申报 冷链 冷却 宁静 祖国
古典 全面 全程 全部 别人 连接 连续 成为 万一 危险 强化 强大 卓越 伟大 广大 广泛 广东 路径 路线
田间 田野 谷物 米粮 麦田 金额 金山 银行 钟点 许可 许多 何时 何种 能源 能力 权力 权益 部门 支持
支付 管理 管道 凌晨 景点 景区 毛利 戴上 喻为 云端 云图 林业 林地
"""
_COMMON: Final = frozenset(_COMMON_TEXT.split())


def is_common_word(name: str) -> bool:
    """Whether a person's name is a word that everybody writes."""
    return name in _COMMON


def surname_of(name: str) -> str:
    """'欧阳' of '欧阳明远', '王' of '王芳'; '' for names in other scripts."""
    if not ("\u4e00" <= name[:1] <= "\u9fff") or "·" in name:
        return ""
    return name[:2] if name[:2] in _SURNAMES_OF_TWO and len(name) > 2 else name[:1]


def calls_of_person(name: str) -> Iterator[tuple[str, str]]:
    """Surname and title, and the characters after which it is something else; the whole name is not among them."""
    surname = surname_of(name)
    if surname:
        for title in _TITLES:
            yield f"{surname}{title}", ""
        for title, unless in _SHORT_TITLES.items():
            yield f"{surname}{title}", unless
