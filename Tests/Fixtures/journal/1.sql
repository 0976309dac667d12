BEGIN TRANSACTION;
CREATE TABLE audit (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL
) STRICT;
INSERT INTO "audit" VALUES(1,1795557840574,'root','room set 1trw75 topic leaves');
INSERT INTO "audit" VALUES(2,1795557840600,'root','room set 1trw75 slow 0');
INSERT INTO "audit" VALUES(3,1795557840622,'root','say 1trw75 "hello from the console"');
INSERT INTO "audit" VALUES(4,1795557840647,'root','room transfer 1trw75 u_54xh8138n0');
INSERT INTO "audit" VALUES(5,1795557840682,'root','mute u_54xh8138n0 1trw75 3650d loud');
INSERT INTO "audit" VALUES(6,1795557840707,'root','ban u_whwwctczmx 1trw75 spam');
INSERT INTO "audit" VALUES(7,1795557840731,'root','room create Hall 20');
CREATE TABLE events (
  room TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
  author TEXT, name TEXT, color TEXT, role TEXT, bot INTEGER NOT NULL DEFAULT 0,
  text TEXT, cid TEXT, reply_to INTEGER, gif TEXT, detail TEXT,
  PRIMARY KEY (room, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO "events" VALUES('1trw75',1,1795557839981,'join','u_csp4vfm9pk','Ann','#808080','owner',0,NULL,NULL,NULL,NULL,'{"count":1}');
INSERT INTO "events" VALUES('1trw75',2,1795557839983,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}');
INSERT INTO "events" VALUES('1trw75',3,1795557840259,'join','u_54xh8138n0','Bob','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":2}');
INSERT INTO "events" VALUES('1trw75',4,1795557840259,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}');
INSERT INTO "events" VALUES('1trw75',5,1795557840510,'join','u_whwwctczmx','Cem','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":3}');
INSERT INTO "events" VALUES('1trw75',6,1795557840511,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}');
INSERT INTO "events" VALUES('1trw75',7,1795557840513,'chat','u_csp4vfm9pk','Ann','#808080','owner',0,'안녕 👋','first',NULL,NULL,NULL);
INSERT INTO "events" VALUES('1trw75',8,1795557840513,'chat','u_54xh8138n0','Bob','#808080','member',0,'an answer','second',4,NULL,NULL);
INSERT INTO "events" VALUES('1trw75',9,1795557840523,'gif','u_csp4vfm9pk','Ann','#808080','owner',0,'cat','third',NULL,'489f8bb59594c387796a4850f8bfbbe75a56e7f77d574d2e7a6bcd51ddf70e33','{"width":2,"height":2,"bytes":92,"seconds":0.3,"flashes":0,"frames":3}');
INSERT INTO "events" VALUES('1trw75',10,1795557840526,'chat','u_54xh8138n0','Bob','#808080','member',0,'count',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('1trw75',11,1795557840526,'chat','plugin:counter','counter','#808080','member',1,'count 1',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('1trw75',12,1795557840527,'chat','u_54xh8138n0','Bob','#808080','member',0,'count',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('1trw75',13,1795557840527,'chat','plugin:counter','counter','#808080','member',1,'count 2',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('1trw75',14,1795557840530,'name','u_54xh8138n0','Bobby','#808080','member',0,NULL,NULL,NULL,NULL,'{"before":"Bob"}');
INSERT INTO "events" VALUES('1trw75',15,1795557840575,'topic',NULL,NULL,NULL,NULL,0,'leaves',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('1trw75',16,1795557840622,'system',NULL,NULL,NULL,NULL,0,'hello from the console',NULL,NULL,NULL,'{"by":"server"}');
INSERT INTO "events" VALUES('1trw75',17,1795557840647,'owner','u_54xh8138n0','Bobby','#808080','owner',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('1trw75',18,1795557840707,'exit','u_whwwctczmx','Cem','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":2,"reason":"banned"}');
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('1 rooms, events, people');
CREATE TABLE people (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, color_seed TEXT NOT NULL, admin INTEGER NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "people" VALUES('u_54xh8138n0','Bobby','2j23mvhnf27qqh9s',0,1795557839676);
INSERT INTO "people" VALUES('u_csp4vfm9pk','Ann','jfh7d6vf0by0ghjt',0,1795557839672);
INSERT INTO "people" VALUES('u_whwwctczmx','Cem','gsx9t76f6wr89qt4',0,1795557839678);
CREATE TABLE presence (
  room TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, color TEXT NOT NULL, role TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  PRIMARY KEY (room, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "presence" VALUES('1trw75','u_54xh8138n0','Bob','#808080','member',1795557840259);
INSERT INTO "presence" VALUES('1trw75','u_csp4vfm9pk','Ann','#808080','owner',1795557839981);
CREATE TABLE restrictions (
  room TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, until INTEGER,
  reason TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (room, person, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO "restrictions" VALUES('1trw75','u_54xh8138n0','mute','Bobby',2110917840682,'loud','console',1795557840682);
INSERT INTO "restrictions" VALUES('1trw75','u_whwwctczmx','ban','Cem',NULL,'spam','console',1795557840707);
CREATE TABLE rooms (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, max INTEGER NOT NULL, password TEXT, topic TEXT NOT NULL,
  slow INTEGER NOT NULL, owner_id TEXT, owner_name TEXT, owner_color TEXT, permanent INTEGER NOT NULL,
  locked INTEGER NOT NULL, created_at INTEGER NOT NULL, epoch TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "rooms" VALUES('169gd7','Hall',20,NULL,'',0,NULL,NULL,NULL,1,0,1795557840731,'dhmxxgb1');
INSERT INTO "rooms" VALUES('1trw75','Tea house',7,'$scrypt$ln=14,r=8,p=1$yth/Md1jH1f4h6kK//oV1Q==$xDGU6elHTMMuSx06Pz3RfIaF2MUaR8D4b4uFD78YIEA=','leaves',0,'u_54xh8138n0','Bobby','#808080',0,0,1795557839974,'55zfwk9c');
CREATE TABLE stores (
  plugin TEXT NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires INTEGER,
  PRIMARY KEY (plugin, scope, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "stores" VALUES('counter','user u_54xh8138n0','count','2',NULL);
CREATE UNIQUE INDEX events_by_cid ON events (room, author, cid) WHERE cid IS NOT NULL;
CREATE INDEX events_by_gif ON events (gif) WHERE gif IS NOT NULL;
COMMIT;
