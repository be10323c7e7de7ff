"""What to try first, in the order of the contest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Try:
    """A thing to do as one of the people (see people.PEOPLE)."""

    who: str
    what: str
    how: str


FIRST: Final = (
    Try(
        "zhaolei",
        "报一次名",
        "填写团队、单位、代表，给代表发确认短信；短信在“发件箱”里，打开其中的链接、输入验证码，然后提交。",
    ),
    Try("guojing", "改好被退回的报名", "两处意见标在对应的项目旁，更正后重新提交。"),
    Try(
        "qianjin",
        "审核报名",
        "管理后台的“参赛团队”里有待审核的报名，每个都列出自动核查结果；试着通过一个有不符合项的。",
    ),
    Try("lihua", "写完申报书并提交", "补全各部分和材料，定稿，下载 PDF，上传盖章扫描件，提交，得到回执。"),
    Try("wangfang", "和李华一起写", "两人同时改同一部分，后保存的一方会得到提示，内容不会丢失。"),
    Try("qianjin", "做形式审查", "管理后台的“参赛项目”里有已提交的作品：逐项核对，通过、退回或不通过。"),
    Try("zhouzheng", "看看整个秘书处", "工作人员、邀请、审计记录、各阶段时间。"),
)
