"""Words of the page /reports."""

from __future__ import annotations

SHELF_WORDS: dict[str, tuple[str, str]] = {
    "shelf.title": ("Reports", "报告"),
    "shelf.make": ("Make a report", "生成报告"),
    "shelf.kind": ("Of what", "内容"),
    "shelf.kind_day": ("A day of operations", "运行日报"),
    "shelf.kind_review": ("A case, after the event", "事后复盘"),
    "shelf.day": ("Day (empty: that of the last cycle)", "日期（留空为最近周期当日）"),
    "shelf.case": ("Case", "事件"),
    "shelf.no_case": ("There is no case yet.", "尚无事件。"),
    "shelf.begin": ("Make it", "生成"),
    "shelf.times": ("Times are told in the time zone of this screen.", "时间采用本终端所在时区。"),
    "shelf.made": ("Made", "已生成"),
    "shelf.none": ("No report has been made yet.", "尚未生成报告。"),
    "shelf.waiting": ("Asking the server …", "正在读取…"),
    "shelf.open": ("Open", "打开"),
    "shelf.files": ("{count} files", "{count}个文件"),
    "shelf.state.making": ("being made", "生成中"),
    "shelf.state.made": ("made {time}", "{time} 生成"),
    "shelf.state.failed": ("failed", "失败"),
    "shelf.day_of": ("Day {name}", "日报 {name}"),
    "shelf.last_day": ("Day of the last cycle", "最近周期当日"),
    "shelf.review_of": ("Review of {name}", "复盘 {name}"),
    "shelf.error.0": ("The server does not answer; it is asked again.", "服务器无响应，正在重试。"),
    "shelf.error.401": ("Your session has ended.", "登录已失效。"),
    "shelf.error.403": ("Your role may not read reports.", "您的角色无权查看报告。"),
    "shelf.error.404": ("This server keeps no reports.", "本服务不保存报告。"),
    "shelf.error.409": ("A report is being made; wait until it is done.", "正在生成报告，请稍候。"),
    "shelf.error.other": ("That could not be done: {told}", "无法完成：{told}"),
    "shelf.sign_in": ("Sign in", "登录"),
}
