"""tracks.yaml: the counts that it announces must be those that it lists (R10)."""

from __future__ import annotations

from competition.declaration import Node, say_duplicates
from competition.edition_schema.data import TopicData, TrackData


def tracks_from(root: Node, departments: tuple[str, ...]) -> tuple[TrackData, ...]:
    """The tracks under a node; counts, numbers, codes and departments are checked."""
    nodes = root.items("tracks")
    tracks = tuple(_track(node, departments) for node in nodes)
    say_duplicates(((node, track.name) for node, track in zip(nodes, tracks, strict=True)), "赛道")
    for position, (node, track) in enumerate(zip(nodes, tracks, strict=True), start=1):
        if track.number != position:
            node.say(f"序号应为{position}，现为{track.number}。")
    _check_counts(root.at("counts"), tracks)
    root.no_more()
    return tracks


def _check_counts(counts: Node, tracks: tuple[TrackData, ...]) -> None:
    listed = [track.listed_topics for track in tracks]
    tracks_said, topics_said = counts.whole("tracks"), counts.whole("topics")
    per_track = [node.value for node in counts.items("topics_per_track")]
    if tracks_said != len(tracks):
        counts.say(f"赛道应有{tracks_said}个，实际列出{len(tracks)}个。")
    if topics_said != sum(listed):
        counts.say(f"赛题应有{topics_said}个，实际列出{sum(listed)}个。")
    if per_track != listed:
        counts.say(f"各赛道赛题数应为{_slashes(per_track)}，实际为{_slashes(listed)}。")
    counts.no_more()


def _slashes(numbers: list[object] | list[int]) -> str:
    return "/".join(str(number) for number in numbers)


def _track(node: Node, departments: tuple[str, ...]) -> TrackData:
    number = node.whole("number", least=1)
    topic_nodes = node.items("topics")
    track = TrackData(
        number=number,
        name=node.text("name"),
        short_name=node.text("short_name"),
        heading=node.text("heading"),
        aliases=node.texts("aliases", required=False),
        summary=node.text("summary"),
        intro=node.text("intro"),
        topics=tuple(_topic(one, number, departments) for one in topic_nodes),
    )
    pairs = list(zip(topic_nodes, track.topics, strict=True))
    say_duplicates(((one, topic.code) for one, topic in pairs), "赛题编号")
    say_duplicates(((one, topic.title) for one, topic in pairs), "赛题")
    listed = [topic for topic in track.topics if not topic.is_open]
    if [topic.number for topic in listed] != list(range(1, len(listed) + 1)):
        node.at("topics").say("赛题序号应从1开始连续排列。")
    node.no_more()
    return track


def _topic(node: Node, track_number: int, departments: tuple[str, ...]) -> TopicData:
    topic = TopicData(
        number=node.whole("number"),
        code=node.text("code"),
        title=node.text("title"),
        description=node.text("description"),
        public_bodies=node.flag("public_bodies"),
        department=node.text("department", default=""),
        is_open=node.flag("open"),
    )
    if topic.code != f"{track_number}-{topic.number}":
        node.say(f"编号应为“{track_number}-{topic.number}”，现为“{topic.code}”。")
    if topic.is_open != (topic.number == 0):
        node.say("开放性赛题（open: true）的序号为0，其他赛题从1开始。")
    if topic.department and topic.department not in departments:
        node.at("department").say(f"“{topic.department}”不在主办单位名单中。")
    node.no_more()
    return topic
