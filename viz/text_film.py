"""Sentences of a film of the cockpit: key -> (English, Chinese)."""

from __future__ import annotations

FILM_WORDS: dict[str, tuple[str, str]] = {
    "film.link": ("Recording: nothing is live", "录像：非实时"),
    "film.bar": ("Recording", "录像"),
    "film.play": ("Play", "播放"),
    "film.pause": ("Pause", "暂停"),
    "film.before": ("To the change before", "上一变化"),
    "film.after": ("To the next change", "下一变化"),
    "film.at": ("Time of the recording", "录像时刻"),
    "film.pace": ("How fast it plays", "播放速度"),
    "film.key.play": ("play or pause", "播放或暂停"),
    "film.key.change": ("to the change before, to the next", "上一变化，下一变化"),
}
