"""Words of the head of a served town's pages: who is signed in, and the end of a session."""

from __future__ import annotations

HEAD_WORDS: dict[str, tuple[str, str]] = {
    "head.theme": ("Light or dark", "浅色或深色"),
    "head.role.viewer": ("viewer", "观察员"),
    "head.role.operator": ("operator", "值班员"),
    "head.role.engineer": ("engineer", "工程师"),
    "head.role.planner": ("planner", "规划师"),
    "head.role.administrator": ("administrator", "管理员"),
    "head.sign_in": ("Sign in", "登录"),
    "head.sign_out": ("Sign out", "退出"),
    "head.session_title": ("Your session is over", "会话已结束"),
    "head.session_words": (
        "Nobody did anything for a while, somebody signed out, or your token no longer holds. What you see is old; "
        "nothing is sent.",
        "长时间无操作、已退出，或令牌已失效。所示内容已过时，不会发送任何内容。",
    ),
}
