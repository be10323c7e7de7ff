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
    Try(
        "zhoukang",
        "初步把关",
        "形式审查完成后，工作台列出本部门赛题的作品：阅读材料，推荐或说明不推荐的理由。",
    ),
    Try(
        "qianjin",
        "放行匿名评审材料，分配专家",
        "逐页查看给专家的材料，确认没有单位和人员标识后放行，再按赛道分配专家。",
    ),
    Try("sunmei", "匿名评分", "只看到代号和评审材料；逐项打分，自动保存，提交后得到回执。"),
    Try(
        "zhouzheng",
        "确认初赛结果和递补",
        "工作人员提出排序与名额，负责人作为第二人确认；每一步计算都能复核。",
    ),
    Try("hemin", "主持决赛", "公布名单、现场抽签、逐项展示；吴宪作为第二人锁定成绩。"),
    Try(
        "zhaolei",
        "公示期内实名举报",
        "在公示页面填写姓名、证件号码、事项并附证据；韩正明受理，郑毅和冯洁裁定。",
    ),
    Try("lihua", "查验一张证书", "公示结束后，在获奖结果页面扫证书上的二维码，或输入证书编号。"),
    Try("zhouzheng", "看看整个秘书处", "工作人员、邀请、审计记录、各阶段时间。"),
)
