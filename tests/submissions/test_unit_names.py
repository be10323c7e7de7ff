"""Names of other units in the text of proofs."""

from __future__ import annotations

import pytest

from submissions.unit_names import OTHER, PARENT, REGISTERED, companies_in, index_of, others_in

OWN = ["山西示例甲科技有限公司"]
REGISTERED_NAMES = index_of(["太原理工大学", "晋中示例数据有限公司"])


@pytest.mark.rule("R82")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("本证书授予山西示例甲科技有限公司。", {}),
        ("本证书授予山西示例乙科技有限公司。", {"山西示例乙科技有限公司": OTHER}),
        ("甲方：山西示例甲科技有限公司\n乙方：华北样本股份有限公司", {"华北样本股份有限公司": OTHER}),
        ("山西示例\n甲科技有限\n公司", {}),
        ("乙方：华北样本股\n份有限公司", {"华北样本股份有限公司": OTHER}),
        ("提供技术服务\n华北样本股份有限公司", {"华北样本股份有限公司": OTHER}),
        ("出具单位：太 原 理\n工 大 学", {"太原理工大学": REGISTERED}),
        ("晋中示例数据有限公司", {"晋中示例数据有限公司": REGISTERED}),
        ("母公司为山西示例集团有限公司", {"山西示例集团有限公司": PARENT}),
        ("山西示例甲科技有限公司太原分公司", {"山西示例甲科技有限公司太原分公司": OTHER}),
        ("本公司专注于数据要素，没有其他单位。", {}),
        ("", {}),
    ],
)
def test_names_of_others_are_found_and_own_ones_are_not(text: str, found: dict[str, str]) -> None:
    names = others_in(text, own=OWN, registered=REGISTERED_NAMES, parents=["山西示例集团有限公司"])

    assert names == found


def test_each_company_is_named_once_without_what_stands_before() -> None:
    text = "兹证明北京样本信息技术有限公司与我公司合作。\n北京样本信息技术有限公司（盖章）"

    assert companies_in(text) == ["北京样本信息技术有限公司"]
