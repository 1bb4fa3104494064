"""Words of the visitors' pages."""

from __future__ import annotations

CROWD_WORDS: dict[str, tuple[str, str]] = {
    "crowd.kind_forecast": ("Visitors of the days to come", "未来数日游客量预测"),
    "crowd.forecast_lead": (
        "Made after {last}, from {days} counted days.",
        "截至{last}，依据{days}天的统计。",
    ),
    "crowd.chart": ("Visitors a day: counted, and forecast with intervals", "每日游客量：统计值与预测区间"),
    "crowd.counted": ("counted", "统计"),
    "crowd.median": ("forecast (as likely more as fewer)", "预测（中位数）"),
    "crowd.within80": ("holds it with 80 %", "80%区间"),
    "crowd.within90": ("holds it with 90 %", "90%区间"),
    "crowd.visitors": ("visitors", "游客（人）"),
    "crowd.days": ("The days to come", "未来各日"),
    "crowd.day": ("Day", "日期"),
    "crowd.sort": ("Sort of day", "日类型"),
    "crowd.head_median": ("forecast", "预测"),
    "crowd.head_80": ("80 % interval", "80%区间"),
    "crowd.head_90": ("90 % interval", "90%区间"),
    "crowd.skill": ("How good such forecasts were", "此类预测以往的准确度"),
    "crowd.ahead": ("days ahead", "提前天数"),
    "crowd.judged": ("judged", "检验次数"),
    "crowd.mae": ("error", "误差"),
    "crowd.mae_seasonal": ("by last week", "按上周同日"),
    "crowd.mae_naive": ("by yesterday", "按前一日"),
    "crowd.mase": ("MASE", "MASE指标"),
    "crowd.held80": ("held by 80 %", "80%区间命中"),
    "crowd.held90": ("held by 90 %", "90%区间命中"),
    "crowd.skill_note": (
        "Mean absolute errors in people, of forecasts made after each day of the history with what was known then, "
        "beside the last count of the same weekday and the last count. MASE: error over the mean weekly change.",
        "平均绝对误差（人）：在历史每一天之后仅用当时已知数据作出的预测，并与上周同日、前一日的统计相比。"
        "MASE：误差与周变化均值之比。",
    ),
    "crowd.skill_none": (
        "The history is too short to judge: forecasts are made unproven.",
        "历史太短，无法检验：预测未经验证。",
    ),
    "crowd.rests": ("What this rests on", "依据与说明"),
    "crowd.method": (
        "Filters of the level, weighed by their past errors; holidays and weekdays are learnt from this history alone.",
        "多个水平滤波器按以往误差加权；节假日与星期效应仅由该历史学得。",
    ),
    "crowd.kind_mon": ("Monday", "周一"),
    "crowd.kind_tue": ("Tuesday", "周二"),
    "crowd.kind_wed": ("Wednesday", "周三"),
    "crowd.kind_thu": ("Thursday", "周四"),
    "crowd.kind_fri": ("Friday", "周五"),
    "crowd.kind_sat": ("Saturday", "周六"),
    "crowd.kind_sun": ("Sunday", "周日"),
    "crowd.kind_short": ("public holiday", "节假日"),
    "crowd.kind_long": ("long public holiday", "长假"),
    "crowd.kind_worked": ("weekend that is worked", "调休上班"),
    "crowd.kind_closed": ("closed", "闭园"),
}
