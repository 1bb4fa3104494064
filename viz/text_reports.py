"""Words of the frame of every report: method and assumptions of each kind, and what stands around them."""

from __future__ import annotations

REPORTS_WORDS: dict[str, tuple[str, str]] = {
    "reports.basis": ("How this report came about", "报告说明"),
    "reports.method": ("Method", "方法"),
    "reports.data": ("Data", "数据"),
    "reports.data_name": ("What went in", "输入"),
    "reports.data_about": ("Licence, owner, day", "许可、所有者、日期"),
    "reports.data_size": ("kB", "大小（kB）"),
    "reports.data_digest": ("SHA-256, first 16", "SHA-256前16位"),
    "reports.no_data": ("Nobody kept what went in.", "未保存输入记录。"),
    "reports.assumptions": ("Assumptions", "假设"),
    "reports.guesses": ("What was guessed", "推测内容"),
    "reports.guesses_unknown": (
        "No City folder is known here, so nobody can say which lanes, speeds or signal plans were guessed.",
        "此处没有城市数据文件夹，无法说明哪些车道数、限速或信号方案为推测。",
    ),
    "reports.no_guesses": ("Nothing that this report shows is known to be guessed.", "本报告所示内容未发现推测值。"),
    "reports.repeat": ("How to repeat it", "如何重现"),
    "reports.repeat_hint": (
        "The same commands with the same data and versions give the same figures.",
        "以相同数据和版本运行以下命令，可得到相同数值。",
    ),
    "reports.no_repeat": (
        "Nobody kept the command: the folder was written by an older version.",
        "未保存命令：该文件夹由旧版本写入。",
    ),
    "reports.files": ("Files beside this report", "随附文件"),
    "reports.file.csv": ("table (CSV, UTF-8)", "表格（CSV，UTF-8）"),
    "reports.file.tif": ("raster of the ground (GeoTIFF)", "地面栅格（GeoTIFF）"),
    "reports.file.gpkg": ("map layers (GeoPackage)", "地图图层（GeoPackage）"),
    "reports.file.qgz": ("QGIS project that opens them", "打开上述文件的QGIS工程"),
    "reports.file.json": ("all figures, for programs", "全部数据，供程序读取"),
    "reports.file.geojson": ("places on the map", "地图地点"),
    "reports.file.yaml": ("what was asked for", "任务配置"),
    "reports.file.xml": ("file for SUMO", "SUMO文件"),
    "reports.kind.comparison": ("Comparison of scenarios", "方案比较"),
    "reports.kind.signals": ("Signal timings", "信号配时"),
    "reports.kind.flood": ("Flood", "内涝"),
    "reports.kind.visitors": ("Visitors", "客流"),
    "reports.kind.coverage": ("Emergency coverage", "救援覆盖"),
    "reports.kind.calibration": ("Calibration", "标定"),
    "reports.kind.day": ("Daily operations", "运行日报"),
    "reports.kind.validation": ("Every validation of every model, failures included", "全部模型验证，含未达标项"),
    "reports.kind.review": ("Review after an event", "事后复盘"),
    "reports.comparison.method_1": (
        "Each alternative is simulated with the same seeds; a difference is the mean of differences within a seed, "
        "with a 90 % interval (Student's t).",
        "各方案采用相同随机种子仿真；差值为同种子差值的均值，附90%置信区间（Student t）。",
    ),
    "reports.comparison.method_2": (
        "An interval that contains zero is told as “cannot tell”. A member that gridlocks is left out by name, never "
        "averaged in.",
        "区间包含零时判为“无法判断”。出现锁死的仿真成员会注明并剔除，不计入平均。",
    ),
    "reports.comparison.assumption_1": (
        "Drivers, departures and visitors are the same in every alternative; only what it changes differs.",
        "各方案中的驾驶人、出发时间和客流相同，仅方案本身的措施不同。",
    ),
    "reports.comparison.assumption_2": (
        "Demand does not change because streets do, unless the scenario says how drivers answer.",
        "除非方案规定驾驶人的响应方式，交通需求不随道路变化。",
    ),
    "reports.signals.method_1": (
        "Timings are searched by simulation on some seeds and judged on others that no search saw, beside the plan "
        "of today; differences are paired by seed, with 90 % intervals.",
        "配时方案用部分种子仿真搜索，用未参与搜索的种子评判，并与现行方案对照；差值按种子配对，附90%区间。",
    ),
    "reports.signals.method_2": (
        "Every plan is held against the rules of its locale (intergreens, least greens, walking times).",
        "每个方案均对照当地规则（绿灯间隔、最小绿灯、行人过街时间）检查。",
    ),
    "reports.signals.assumption_1": (
        "Simulated delay is no control delay of the HCM, and no level of service follows from it.",
        "仿真延误不是HCM控制延误，不能据此判定服务水平。",
    ),
    "reports.signals.assumption_2": (
        "Demand is the same every day but for the seeds; detectors see what the simulation's loops see.",
        "除随机种子外每日需求相同；检测器所见与仿真线圈一致。",
    ),
    "reports.flood.method_1": (
        "Rain runs over the city's terrain by the local inertial form of the shallow-water equations (de Almeida & "
        "Bates 2013, doi:10.1002/wrcr.20366), with roofs, soil, drains and pumps as they are known, as an ensemble.",
        "降雨按浅水方程的局部惯性形式（de Almeida & Bates 2013，doi:10.1002/wrcr.20366）在城市地形上演算，"
        "计入已知的屋面、土壤、管网和泵站，以集合方式运行。",
    ),
    "reports.flood.method_2": (
        "A chance is a share of the members; every litre is booked, and what is not accounted for is printed.",
        "概率为集合成员的占比；每一升水均入账，未平衡量在报告中列出。",
    ),
    "reports.flood.assumption_1": (
        "Between the cells of the terrain nothing is known: kerbs and walls that are finer than a cell are not seen.",
        "地形网格以下的细节未知：小于网格的路缘和墙体不可见。",
    ),
    "reports.flood.assumption_2": (
        "Where drains were not surveyed, their capacity is that of the design rain that the city names.",
        "未实测管网处，排水能力取城市给定的设计暴雨。",
    ),
    "reports.visitors.method_1": (
        "Visitors choose sites and ways by what they know, and walk the city's paths; where they crowd, speed follows "
        "density (Weidmann 1993). Days are drawn several times.",
        "游客按所知信息选择景点和路径，沿步行网络行走；拥挤处速度随密度变化（Weidmann 1993）。每日多次抽样。",
    ),
    "reports.visitors.method_2": (
        "A site's room is the approved figure where there is one, else its ground over the space that a person needs, "
        "by the kind of site.",
        "景点容量优先采用核定值，否则按景点类型的人均面积由场地面积推算。",
    ),
    "reports.visitors.assumption_1": (
        "Whoever comes stays within the drawn times unless a guide or a shut path sends them on.",
        "除非引导或封路，游客按抽样停留时间活动。",
    ),
    "reports.visitors.assumption_2": (
        "Choices that no counter of this city has told are those of other cities.",
        "本市计数器未反映的选择行为取自其他城市。",
    ),
    "reports.coverage.method_1": (
        "From each unit's post the quickest way for its class of vehicle to every road edge is computed (contraction "
        "hierarchies, exact), past roads under water and, where given, by the traffic's own times.",
        "从每个救援单元驻点计算其车型到各路段的最快路径（收缩层次，精确），避开积水道路，并可采用交通模型行程时间。",
    ),
    "reports.coverage.method_2": (
        "A time is handling of the call, turn-out and drive; a share is of the demand: residents and jobs by zone, or "
        "the service's own records where they were given.",
        "时间含接警、出动和行驶；占比按需求计：各分区居民与岗位，或救援部门提供的记录。",
    ),
    "reports.coverage.assumption_1": (
        "Every unit is at its post when the call comes; units that are out are not modelled here.",
        "呼叫时各单元均在驻点；此处不模拟外出状态。",
    ),
    "reports.coverage.assumption_2": (
        "A road counts as shut from the moment at which the share of members named with --alarm shuts it.",
        "当集合中达到--alarm所定占比的成员判定封闭时，道路视为封闭。",
    ),
    "reports.calibration.method_1": (
        "Path flows are fitted to counts by an entropy dual on a prior, simulated and fitted anew until streets carry "
        "what they can; a fifth of the sensors is held out and judges.",
        "路径流量在先验上用熵对偶拟合检测流量，经仿真反复修正至道路可承载；保留五分之一检测器用于评判。",
    ),
    "reports.calibration.method_2": (
        "Gates (DfT TAG unit M3.1, FHWA 2004 and 2019) are written down before the run; what nobody could measure is "
        "told as not assessable.",
        "判定标准（DfT TAG M3.1、FHWA 2004与2019）在运行前确定，无法测量者注明不可评定。",
    ),
    "reports.calibration.assumption_1": (
        "Held-out sensors tell of streets without one only as far as these are like them.",
        "保留检测器仅能在相似条件下代表无检测器的道路。",
    ),
    "reports.calibration.assumption_2": (
        "Drivers, signals and speeds are the case's own; wrong ones are paid for by wrong flows.",
        "驾驶行为、信号和车速沿用算例设定；设定有误会转化为流量误差。",
    ),
    "reports.day.method_1": (
        "Everything here is read from what the twin kept on that day (desk, audit, alarms, ledger of forecasts, "
        "outgoing messages); nothing was typed in, and nothing is estimated anew.",
        "全部内容取自当日系统存档（值守记录、审计、告警、预报台账、外发消息），无人工填写，亦不重新估计。",
    ),
    "reports.day.method_2": (
        "Forecasts are scored when their time has come, beside rules made of past values alone; an outcome is the "
        "difference that other days or a twin without the action tell, with its interval.",
        "预报到时即评分，并与仅用历史值的规则对照；措施成效为与其他日或无措施仿真的差值，附区间。",
    ),
    "reports.day.assumption_1": (
        "A day is that of the desk's time zone; what a feed did not say is not filled in.",
        "按值守台时区划分日期；数据源未报送的内容不补填。",
    ),
    "reports.day.assumption_2": (
        "An alarm that nobody judged counts neither as right nor as false.",
        "未经人工判定的告警不计对错。",
    ),
    "reports.review.method_1": (
        "The review is written from the audit alone, whose chain of digests is proved first.",
        "复盘仅依据审计记录生成，并先验证其摘要链。",
    ),
    "reports.review.method_2": (
        "Late is later than the plan's own limit; lead time is from the first acknowledgement to the trouble.",
        "迟于预案时限即为迟；提前量为首次确认至险情发生的时间。",
    ),
    "reports.review.assumption_1": (
        "What nobody told the desk did not reach the audit: a call by telephone alone is not seen here.",
        "未报告值守台的事项不在审计中：仅电话联系的内容此处不可见。",
    ),
}
