"""How messages are worded: JSON, CAP 1.2, DATEX II, GB/T 35965.1, DingTalk, WeCom."""
