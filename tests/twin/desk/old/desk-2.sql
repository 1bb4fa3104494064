BEGIN TRANSACTION;
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
INSERT INTO "audit" VALUES(1,'2026-11-23T07:42:33.324+00:00','2026-11-23T07:42:33.325+00:00','twin','propose','rec-0','','45ad2e3344f3cc77c4f5d10a3015803875291f04dd76223b0e8a8d9786fc949f');
INSERT INTO "audit" VALUES(2,'2026-11-23T07:42:33.336+00:00','2026-11-23T07:42:33.337+00:00','Ann','approve','rec-0','seen','5172f689b32fdafd30675dabea78c9bbc0d5cc2ca9a65acff868fcd6c44dbfad');
INSERT INTO "audit" VALUES(3,'2026-11-23T07:42:33.344+00:00','2026-11-23T07:42:33.344+00:00','twin','propose','rec-1','','a3c46568c17c3bf1aca5eb2df0547ad29b7709bebe761989ab319ad23b92440f');
INSERT INTO "audit" VALUES(4,'2026-11-23T07:42:33.350+00:00','2026-11-23T07:42:33.350+00:00','Ann','reject','rec-1','seen','d9f59feb46a6299cc58961773d0b2a7b42d4fc304c55f0eaa6e206d81312a925');
INSERT INTO "audit" VALUES(5,'2026-11-23T07:42:33.355+00:00','2026-11-23T07:42:33.355+00:00','twin','propose','rec-2','','99006b7b9b7d0959a44afff301341f3b3d7160597a93061c4ec51e13356c8e74');
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
INSERT INTO "decisions" VALUES('rec-0','approved','Ann','seen','2026-11-23T07:42:33.330+00:00','2026-11-23T07:42:33.330+00:00');
INSERT INTO "decisions" VALUES('rec-1','rejected','Ann','seen','2026-11-23T07:42:33.349+00:00','2026-11-23T07:42:33.349+00:00');
CREATE TABLE facts (
	name VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "facts" VALUES('schema','2');
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
INSERT INTO "recommendations" VALUES('rec-0','road_closure','2026-07-17T15:00:00.000+00:00','2036-11-20T07:42:33.323+00:00','4b008e9bf7f1d73a33acb3af9a04829a8d73f44c54fd1fd56b55528999e27f49','{"action": [], "created": "2026-07-17T15:00:00+00:00", "effect": null, "kind": "road_closure", "rec_id": "rec-0", "title": {"en": "Close the quay", "zh": "封闭码头"}, "valid_until": "2036-11-20T07:42:33.323299+00:00"}','2026-11-23T07:42:33.323+00:00');
INSERT INTO "recommendations" VALUES('rec-1','signal_timing','2026-07-17T15:00:00.000+00:00','2036-11-20T07:42:33.343+00:00','66ed39ce4438bc2e1375001e65b98991f373013744498b668a98bc51ebe3d65c','{"action": [], "created": "2026-07-17T15:00:00+00:00", "effect": null, "kind": "signal_timing", "rec_id": "rec-1", "title": {"en": "Close the quay", "zh": "封闭码头"}, "valid_until": "2036-11-20T07:42:33.343925+00:00"}','2026-11-23T07:42:33.344+00:00');
INSERT INTO "recommendations" VALUES('rec-2','visitor_guidance','2026-07-17T15:00:00.000+00:00','2036-11-20T07:42:33.354+00:00','d958c1803251c9494cc24bae0cf7f8e92784b71ce9d1c31756893fa9516ddd19','{"action": [], "created": "2026-07-17T15:00:00+00:00", "effect": null, "kind": "visitor_guidance", "rec_id": "rec-2", "title": {"en": "Close the quay", "zh": "封闭码头"}, "valid_until": "2036-11-20T07:42:33.354863+00:00"}','2026-11-23T07:42:33.355+00:00');
CREATE INDEX ix_outgoing_rec_id ON outgoing (rec_id);
CREATE INDEX ix_outgoing_steps_key ON outgoing_steps ("key");
COMMIT;
