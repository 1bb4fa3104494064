BEGIN TRANSACTION;
CREATE TABLE audit (
	seq INTEGER NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	clock_at VARCHAR(40) NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	action VARCHAR(40) NOT NULL, 
	rec_id VARCHAR(80), 
	detail TEXT NOT NULL, 
	PRIMARY KEY (seq)
);
INSERT INTO "audit" VALUES(1,'2026-11-23T07:42:31.729+00:00','2026-11-23T07:42:31.729+00:00','twin','propose','rec-0','');
INSERT INTO "audit" VALUES(2,'2026-11-23T07:42:31.757+00:00','2026-11-23T07:42:31.757+00:00','Ann','approve','rec-0','seen');
INSERT INTO "audit" VALUES(3,'2026-11-23T07:42:31.765+00:00','2026-11-23T07:42:31.766+00:00','twin','propose','rec-1','');
INSERT INTO "audit" VALUES(4,'2026-11-23T07:42:31.777+00:00','2026-11-23T07:42:31.778+00:00','Ann','reject','rec-1','seen');
INSERT INTO "audit" VALUES(5,'2026-11-23T07:42:31.785+00:00','2026-11-23T07:42:31.785+00:00','twin','propose','rec-2','');
CREATE TABLE decisions (
	rec_id VARCHAR(80) NOT NULL, 
	decision VARCHAR(10) NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	why TEXT NOT NULL, 
	decided_at VARCHAR(40) NOT NULL, 
	clock_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (rec_id), 
	FOREIGN KEY(rec_id) REFERENCES recommendations (rec_id)
);
INSERT INTO "decisions" VALUES('rec-0','approved','Ann','seen','2026-11-23T07:42:31.756+00:00','2026-11-23T07:42:31.756+00:00');
INSERT INTO "decisions" VALUES('rec-1','rejected','Ann','seen','2026-11-23T07:42:31.777+00:00','2026-11-23T07:42:31.777+00:00');
CREATE TABLE facts (
	name VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "facts" VALUES('schema','1');
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
INSERT INTO "recommendations" VALUES('rec-0','road_closure','2026-07-17T15:00:00.000+00:00','2036-11-20T07:42:31.727+00:00','2df14713545941a2b8151f6b9cc166ca24fcb6dba0214c83b66eec45f1248bda','{"action": [], "created": "2026-07-17T15:00:00+00:00", "effect": null, "kind": "road_closure", "rec_id": "rec-0", "title": {"en": "Close the quay", "zh": "封闭码头"}, "valid_until": "2036-11-20T07:42:31.727213+00:00"}','2026-11-23T07:42:31.727+00:00');
INSERT INTO "recommendations" VALUES('rec-1','signal_timing','2026-07-17T15:00:00.000+00:00','2036-11-20T07:42:31.761+00:00','54e86787e31051ee38345eb992df632d465af7b577e2c402d856c05c7a8b4bef','{"action": [], "created": "2026-07-17T15:00:00+00:00", "effect": null, "kind": "signal_timing", "rec_id": "rec-1", "title": {"en": "Close the quay", "zh": "封闭码头"}, "valid_until": "2036-11-20T07:42:31.761696+00:00"}','2026-11-23T07:42:31.762+00:00');
INSERT INTO "recommendations" VALUES('rec-2','visitor_guidance','2026-07-17T15:00:00.000+00:00','2036-11-20T07:42:31.784+00:00','64b747d7d440cbd915289efdd6a42cacee19f59c87748d16a958a77b8027e2fe','{"action": [], "created": "2026-07-17T15:00:00+00:00", "effect": null, "kind": "visitor_guidance", "rec_id": "rec-2", "title": {"en": "Close the quay", "zh": "封闭码头"}, "valid_until": "2036-11-20T07:42:31.784528+00:00"}','2026-11-23T07:42:31.784+00:00');
COMMIT;
