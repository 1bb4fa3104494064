BEGIN TRANSACTION;
CREATE TABLE alarm_cycles (
	seq INTEGER NOT NULL, 
	run_id VARCHAR(80) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (run_id)
);
CREATE TABLE alarm_findings (
	alarm_id VARCHAR(16) NOT NULL, 
	"key" VARCHAR(16) NOT NULL, 
	seq INTEGER NOT NULL, 
	severity INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (alarm_id, "key", seq), 
	FOREIGN KEY(alarm_id) REFERENCES alarms (alarm_id), 
	FOREIGN KEY(seq) REFERENCES alarm_cycles (seq)
);
CREATE TABLE alarm_judgements (
	number INTEGER NOT NULL, 
	alarm_id VARCHAR(16) NOT NULL, 
	verdict VARCHAR(10) NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	why TEXT NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(alarm_id) REFERENCES alarms (alarm_id)
);
CREATE TABLE alarm_marks (
	alarm_id VARCHAR(16) NOT NULL, 
	mark VARCHAR(10) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	seq INTEGER NOT NULL, 
	PRIMARY KEY (alarm_id, mark), 
	FOREIGN KEY(alarm_id) REFERENCES alarms (alarm_id)
);
CREATE TABLE alarm_shelvings (
	number INTEGER NOT NULL, 
	alarm_id VARCHAR(16) NOT NULL, 
	until VARCHAR(40) NOT NULL, 
	severity INTEGER NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	why TEXT NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(alarm_id) REFERENCES alarms (alarm_id)
);
CREATE TABLE alarms (
	alarm_id VARCHAR(16) NOT NULL, 
	seq INTEGER NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	begins VARCHAR(40) NOT NULL, 
	PRIMARY KEY (alarm_id), 
	FOREIGN KEY(seq) REFERENCES alarm_cycles (seq)
);
CREATE TABLE approvals (
	rec_id VARCHAR(80) NOT NULL, 
	version VARCHAR(64) NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	role VARCHAR(20) NOT NULL, 
	why TEXT NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	clock_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (rec_id, version, person), 
	FOREIGN KEY(rec_id) REFERENCES recommendations (rec_id)
);
INSERT INTO "approvals" VALUES('rec-0','4f53cda18c2b','ann','Ann','','seen','2026-11-23T07:51:38.612+00:00','2026-11-23T07:51:38.612+00:00');
CREATE TABLE asset_changes (
	number INTEGER NOT NULL, 
	asset VARCHAR(200) NOT NULL, 
	digest VARCHAR(80) NOT NULL, 
	rec_id VARCHAR(80), 
	who VARCHAR(200) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	clock_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE audit (
	seq INTEGER NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	clock_at VARCHAR(40) NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	action VARCHAR(40) NOT NULL, 
	rec_id VARCHAR(80), 
	detail TEXT NOT NULL, 
	seal VARCHAR(64) NOT NULL, 
	PRIMARY KEY (seq)
);
INSERT INTO "audit" VALUES(1,'2026-11-23T07:51:38.531+00:00','2026-11-23T07:51:38.531+00:00','twin','propose','rec-0','','cad76f57bca0be8073ec6819c5665c0ff80c2f5b84933986499c0c1d1b58486f');
INSERT INTO "audit" VALUES(2,'2026-11-23T07:51:38.624+00:00','2026-11-23T07:51:38.625+00:00','Ann','approve','rec-0','seen','9f0a21739433cfa729558a0858c346827eb677ee00a2eb5d5e47858c344dbbd6');
INSERT INTO "audit" VALUES(3,'2026-11-23T07:51:38.640+00:00','2026-11-23T07:51:38.640+00:00','twin','propose','rec-1','','16bb54b5fad7b063a2a1d4f1413d1cd3a56c0cde713391be7fb51b3d2b855bee');
INSERT INTO "audit" VALUES(4,'2026-11-23T07:51:38.675+00:00','2026-11-23T07:51:38.675+00:00','Ann','reject','rec-1','seen','20b90b5ada8369c739953960f6cdf1adcbe608c6506173932874835ec7aa59c3');
INSERT INTO "audit" VALUES(5,'2026-11-23T07:51:38.686+00:00','2026-11-23T07:51:38.686+00:00','twin','propose','rec-2','','e33360ee2ef0ce510b5b33290f4b498ddfe7095cfef5590a2aaed80ac6ae289a');
CREATE TABLE authorities (
	number INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	text TEXT NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	why TEXT NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE case_answers (
	case_id VARCHAR(120) NOT NULL, 
	task VARCHAR(80) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	words TEXT NOT NULL, 
	PRIMARY KEY (case_id, task, state, who), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id)
);
CREATE TABLE case_calls (
	case_id VARCHAR(120) NOT NULL, 
	task VARCHAR(80) NOT NULL, 
	reason VARCHAR(20) NOT NULL, 
	rank INTEGER NOT NULL, 
	receiver VARCHAR(64) NOT NULL, 
	called_at VARCHAR(40) NOT NULL, 
	answer_by VARCHAR(40) NOT NULL, 
	detail TEXT NOT NULL, 
	PRIMARY KEY (case_id, task, reason, rank), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id)
);
CREATE TABLE case_steps (
	case_id VARCHAR(120) NOT NULL, 
	number INTEGER NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	what VARCHAR(20) NOT NULL, 
	detail TEXT NOT NULL, 
	PRIMARY KEY (case_id, number), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id)
);
CREATE TABLE cases (
	case_id VARCHAR(120) NOT NULL, 
	"plan" VARCHAR(64) NOT NULL, 
	subject VARCHAR(200) NOT NULL, 
	exercise INTEGER NOT NULL, 
	opened_at VARCHAR(40) NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (case_id)
);
CREATE TABLE cycles (
	moment VARCHAR(40) NOT NULL, 
	run_id VARCHAR(80) NOT NULL, 
	mode VARCHAR(20) NOT NULL, 
	rung INTEGER NOT NULL, 
	seconds TEXT NOT NULL, 
	left_out TEXT NOT NULL, 
	ended_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (moment)
);
CREATE TABLE decisions (
	rec_id VARCHAR(80) NOT NULL, 
	decision VARCHAR(10) NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	why TEXT NOT NULL, 
	decided_at VARCHAR(40) NOT NULL, 
	clock_at VARCHAR(40) NOT NULL, 
	version VARCHAR(64), 
	bound VARCHAR(80), 
	PRIMARY KEY (rec_id), 
	FOREIGN KEY(rec_id) REFERENCES recommendations (rec_id)
);
INSERT INTO "decisions" VALUES('rec-0','approved','Ann','seen','2026-11-23T07:51:38.614+00:00','2026-11-23T07:51:38.623+00:00','4f53cda18c2b',NULL);
INSERT INTO "decisions" VALUES('rec-1','rejected','Ann','seen','2026-11-23T07:51:38.670+00:00','2026-11-23T07:51:38.674+00:00',NULL,NULL);
CREATE TABLE facts (
	name VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "facts" VALUES('schema','3');
INSERT INTO "facts" VALUES('seen','2026-11-23T07:51:38.686+00:00');
CREATE TABLE outcomes (
	rec_id VARCHAR(80) NOT NULL, 
	method VARCHAR(20) NOT NULL, 
	until VARCHAR(40) NOT NULL, 
	since VARCHAR(40) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	measure VARCHAR(40) NOT NULL, 
	unit VARCHAR(20) NOT NULL, 
	difference FLOAT, 
	low FLOAT, 
	high FLOAT, 
	level FLOAT NOT NULL, 
	n INTEGER NOT NULL, 
	base FLOAT, 
	promised FLOAT, 
	PRIMARY KEY (rec_id, method, until)
);
CREATE TABLE outgoing (
	"key" VARCHAR(80) NOT NULL, 
	channel VARCHAR(80) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	body TEXT NOT NULL, 
	rec_id VARCHAR(80) NOT NULL, 
	allowed_by VARCHAR(200) NOT NULL, 
	not_after VARCHAR(40) NOT NULL, 
	run_id VARCHAR(80) NOT NULL, 
	PRIMARY KEY ("key")
);
CREATE TABLE outgoing_steps (
	seq INTEGER NOT NULL, 
	"key" VARCHAR(80) NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	attempt INTEGER NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	due VARCHAR(40), 
	detail TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	FOREIGN KEY("key") REFERENCES outgoing ("key")
);
CREATE TABLE people (
	person VARCHAR(200) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	role VARCHAR(20) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	added_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (person), 
	UNIQUE (token_hash)
);
CREATE TABLE recommendations (
	rec_id VARCHAR(80) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	created VARCHAR(40) NOT NULL, 
	valid_until VARCHAR(40) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	document TEXT NOT NULL, 
	proposed_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (rec_id)
);
INSERT INTO "recommendations" VALUES('rec-0','road_closure','2026-07-17T15:00:00.000+00:00','2036-11-20T07:51:38.529+00:00','fcc81efa1db0e23b07814ad038f97beb19211668fc041246717043bd9be005fd','{"action": [], "created": "2026-07-17T15:00:00+00:00", "effect": null, "kind": "road_closure", "rec_id": "rec-0", "title": {"en": "Close the quay", "zh": "封闭码头"}, "valid_until": "2036-11-20T07:51:38.529094+00:00"}','2026-11-23T07:51:38.530+00:00');
INSERT INTO "recommendations" VALUES('rec-1','signal_timing','2026-07-17T15:00:00.000+00:00','2036-11-20T07:51:38.638+00:00','61fccebdd4a0647b72b6035e170f60300ea89966d072227279e2a1bbe3dc65f8','{"action": [], "created": "2026-07-17T15:00:00+00:00", "effect": null, "kind": "signal_timing", "rec_id": "rec-1", "title": {"en": "Close the quay", "zh": "封闭码头"}, "valid_until": "2036-11-20T07:51:38.638554+00:00"}','2026-11-23T07:51:38.639+00:00');
INSERT INTO "recommendations" VALUES('rec-2','visitor_guidance','2026-07-17T15:00:00.000+00:00','2036-11-20T07:51:38.684+00:00','736f69622994bd22f07c9600dc06b277b47916fbc2bd4619c32ed892923cee1c','{"action": [], "created": "2026-07-17T15:00:00+00:00", "effect": null, "kind": "visitor_guidance", "rec_id": "rec-2", "title": {"en": "Close the quay", "zh": "封闭码头"}, "valid_until": "2036-11-20T07:51:38.684771+00:00"}','2026-11-23T07:51:38.685+00:00');
CREATE TABLE switches (
	number INTEGER NOT NULL, 
	what VARCHAR(220) NOT NULL, 
	value VARCHAR(20) NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	why TEXT NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	clock_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE trial_periods (
	rec_id VARCHAR(80) NOT NULL, 
	"begin" VARCHAR(40) NOT NULL, 
	counts_from VARCHAR(40) NOT NULL, 
	"end" VARCHAR(40) NOT NULL, 
	"on" BOOLEAN NOT NULL, 
	PRIMARY KEY (rec_id, "begin")
);
CREATE TABLE versions (
	rec_id VARCHAR(80) NOT NULL, 
	version VARCHAR(64) NOT NULL, 
	action TEXT NOT NULL, 
	told TEXT NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (rec_id, version), 
	FOREIGN KEY(rec_id) REFERENCES recommendations (rec_id)
);
CREATE TABLE withdrawals (
	rec_id VARCHAR(80) NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	why TEXT NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	clock_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (rec_id), 
	FOREIGN KEY(rec_id) REFERENCES recommendations (rec_id)
);
CREATE INDEX ix_asset_changes_asset ON asset_changes (asset);
CREATE INDEX ix_switches_what ON switches (what);
CREATE INDEX ix_outgoing_rec_id ON outgoing (rec_id);
CREATE INDEX ix_outgoing_steps_key ON outgoing_steps ("key");
CREATE INDEX ix_alarm_findings_seq ON alarm_findings (seq);
CREATE INDEX ix_alarm_judgements_alarm_id ON alarm_judgements (alarm_id);
COMMIT;
