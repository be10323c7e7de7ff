"""The prizes must add up to the seats and to the money that the notice announces (R31, R37, R39-R42)."""

from __future__ import annotations

from competition.declaration import Node, say_duplicates
from competition.edition_schema.data import PrizeData

POOLS = ("finalists", "excellence")


def prizes_from(root: Node) -> tuple[PrizeData, ...]:
    """The tiers, checked against `seats`, `prize_total_fen` and the codes of certificates."""
    nodes = root.items("prizes")
    prizes = tuple(_prize(node) for node in nodes)
    pairs = list(zip(nodes, prizes, strict=True))
    say_duplicates(((node, prize.key) for node, prize in pairs), "奖项")
    award_nodes = root.items("unit_awards", required=False)
    codes = [(node, prize.code) for node, prize in pairs]
    for node in award_nodes:
        node.text("key")
        node.text("name")
        node.text("text", default="")
        codes.append((node, node.text("code")))
        node.no_more()
    say_duplicates(codes, "证书代码")
    _check_money(root, prizes)
    _check_seats(root.at("seats"), prizes)
    _check_number_format(root.at("certificates"))
    return prizes


def _prize(node: Node) -> PrizeData:
    prize = PrizeData(
        key=node.text("key"),
        code=node.text("code"),
        name=node.text("name"),
        count=node.whole("count", least=1),
        amount_fen=node.whole("amount_fen"),
        pool=node.one_of("pool", POOLS),
    )
    node.no_more()
    return prize


def _check_money(root: Node, prizes: tuple[PrizeData, ...]) -> None:
    said = root.whole("prize_total_fen")
    total = sum(prize.count * prize.amount_fen for prize in prizes)
    if said != total:
        sums = " + ".join(f"{prize.count}×{_yuan(prize.amount_fen)}" for prize in prizes)
        root.at("prize_total_fen").say(f"奖金总额写为{_yuan(said)}元，而 {sums} = {_yuan(total)}元。")


def _yuan(fen: int) -> str:
    return f"{fen // 100}" if fen % 100 == 0 else f"{fen / 100:.2f}"


def _check_seats(seats: Node, prizes: tuple[PrizeData, ...]) -> None:
    for pool, name in (("finalists", "入围决赛"), ("excellence", "优秀奖")):
        said = seats.whole(pool, least=1)
        counts = [prize.count for prize in prizes if prize.pool == pool]
        if said != sum(counts):
            seats.say(
                f"{name}名额写为{said}个，而奖项合计为{' + '.join(map(str, counts)) or '0'} = {sum(counts)}个。"
            )
    seats.one_of("method", ["largest_remainder"])
    seats.flag("assumed")
    seats.no_more()


def _check_number_format(certificates: Node) -> None:
    pattern = certificates.text("number")
    try:
        one, other = pattern.format(code="1", serial=1), pattern.format(code="2", serial=1)
        different = len({one, other, pattern.format(code="1", serial=2)}) == 3
    except (KeyError, IndexError, ValueError, AttributeError, TypeError):
        different = False
    if not different:
        certificates.at("number").say("证书编号格式应含有 {code} 和 {serial}。")
    certificates.no_more()
