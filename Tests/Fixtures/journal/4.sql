BEGIN TRANSACTION;
CREATE TABLE audit (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL
) STRICT;
INSERT INTO "audit" VALUES(1,1795570149183,'root','role grant u_54xh8138n0 moderator in 7gsnzh');
INSERT INTO "audit" VALUES(2,1795570149210,'root','room set 7gsnzh tags quiet books');
INSERT INTO "audit" VALUES(3,1795570149314,'root','room set 24f82d topic leaves');
INSERT INTO "audit" VALUES(4,1795570149405,'root','room set 24f82d slow 0');
INSERT INTO "audit" VALUES(5,1795570149441,'root','say 24f82d "hello from the console"');
INSERT INTO "audit" VALUES(6,1795570149466,'root','room transfer 24f82d u_54xh8138n0');
INSERT INTO "audit" VALUES(7,1795570149574,'root','mute u_54xh8138n0 24f82d 3650d loud');
INSERT INTO "audit" VALUES(8,1795570149615,'root','ban u_whwwctczmx 24f82d spam');
INSERT INTO "audit" VALUES(9,1795570149665,'root','room create Hall 20');
CREATE TABLE events (
  room TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
  author TEXT, name TEXT, color TEXT, role TEXT, bot INTEGER NOT NULL DEFAULT 0,
  text TEXT, cid TEXT, reply_to INTEGER, gif TEXT, detail TEXT,
  PRIMARY KEY (room, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO "events" VALUES('24f82d',1,1795570147240,'join','u_csp4vfm9pk','Ann','#808080','owner',0,NULL,NULL,NULL,NULL,'{"count":1}');
INSERT INTO "events" VALUES('24f82d',2,1795570147242,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"by":"counter","key":"plain"}');
INSERT INTO "events" VALUES('24f82d',3,1795570148437,'join','u_54xh8138n0','Bob','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":2}');
INSERT INTO "events" VALUES('24f82d',4,1795570148438,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}');
INSERT INTO "events" VALUES('24f82d',5,1795570149102,'join','u_whwwctczmx','Cem','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":3}');
INSERT INTO "events" VALUES('24f82d',6,1795570149105,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"by":"counter","key":"plain"}');
INSERT INTO "events" VALUES('24f82d',7,1795570149142,'chat','u_csp4vfm9pk','Ann','#808080','owner',0,'안녕 👋','first',NULL,NULL,NULL);
INSERT INTO "events" VALUES('24f82d',8,1795570149143,'chat','u_54xh8138n0','Bob','#808080','member',0,'an answer','second',4,NULL,NULL);
INSERT INTO "events" VALUES('24f82d',9,1795570149150,'gif','u_csp4vfm9pk','Ann','#808080','owner',0,'cat','third',NULL,'489f8bb59594c387796a4850f8bfbbe75a56e7f77d574d2e7a6bcd51ddf70e33','{"frames":3,"bytes":92,"seconds":0.3,"width":2,"height":2,"flashes":0}');
INSERT INTO "events" VALUES('24f82d',10,1795570149153,'chat','u_54xh8138n0','Bob','#808080','member',0,'count',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('24f82d',11,1795570149154,'chat','plugin:counter','counter','#808080','member',1,'count 1',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('24f82d',12,1795570149155,'chat','u_54xh8138n0','Bob','#808080','member',0,'count',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('24f82d',13,1795570149155,'chat','plugin:counter','counter','#808080','member',1,'count 2',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('24f82d',14,1795570149156,'name','u_54xh8138n0','Bobby','#808080','member',0,NULL,NULL,NULL,NULL,'{"before":"Bob"}');
INSERT INTO "events" VALUES('24f82d',15,1795570149314,'topic',NULL,NULL,NULL,NULL,0,'leaves',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('24f82d',16,1795570149441,'system',NULL,NULL,NULL,NULL,0,'hello from the console',NULL,NULL,NULL,'{"by":"server"}');
INSERT INTO "events" VALUES('24f82d',17,1795570149466,'owner','u_54xh8138n0','Bobby','#808080','owner',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('24f82d',18,1795570149615,'exit','u_whwwctczmx','Cem','#808080','member',0,NULL,NULL,NULL,NULL,'{"reason":"banned","count":2}');
INSERT INTO "events" VALUES('7gsnzh',1,1795570149160,'join','u_csp4vfm9pk','Ann','#808080','owner',0,NULL,NULL,NULL,NULL,'{"count":1}');
INSERT INTO "events" VALUES('7gsnzh',2,1795570149161,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}');
INSERT INTO "events" VALUES('7gsnzh',3,1795570149161,'join','u_54xh8138n0','Bobby','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":2}');
INSERT INTO "events" VALUES('7gsnzh',4,1795570149162,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}');
INSERT INTO "events" VALUES('7gsnzh',5,1795570149163,'chat','u_csp4vfm9pk','Ann','#808080','owner',0,'plan',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('7gsnzh',6,1795570149184,'role','u_54xh8138n0','Bobby','#808080','moderator',0,NULL,NULL,NULL,NULL,'{"before":"member"}');
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('1 rooms, events, people');
INSERT INTO "grdb_migrations" VALUES('2 held messages');
INSERT INTO "grdb_migrations" VALUES('3 schedules');
INSERT INTO "grdb_migrations" VALUES('4 moderators, tags of rooms');
CREATE TABLE held (
  id TEXT PRIMARY KEY, reason TEXT NOT NULL, by TEXT NOT NULL, until INTEGER NOT NULL,
  room TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
  author TEXT, name TEXT, color TEXT, role TEXT, bot INTEGER NOT NULL DEFAULT 0,
  text TEXT, cid TEXT, reply_to INTEGER, gif TEXT, detail TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO "held" VALUES('h_hswkg8bw','a moderator should see this','counter',4102444800000,'24f82d',0,1795570149700,'chat','u_csp4vfm9pk','Ann','#808080','member',0,'hold','fourth',NULL,NULL,NULL);
CREATE TABLE moderators (
  room TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (room, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "moderators" VALUES('7gsnzh','u_54xh8138n0','Bobby');
CREATE TABLE people (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, color_seed TEXT NOT NULL, admin INTEGER NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "people" VALUES('u_54xh8138n0','Bobby','2j23mvhnf27qqh9s',0,1795570146967);
INSERT INTO "people" VALUES('u_csp4vfm9pk','Ann','jfh7d6vf0by0ghjt',0,1795570146962);
INSERT INTO "people" VALUES('u_whwwctczmx','Cem','gsx9t76f6wr89qt4',0,1795570146970);
CREATE TABLE presence (
  room TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, color TEXT NOT NULL, role TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  PRIMARY KEY (room, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "presence" VALUES('24f82d','u_54xh8138n0','Bob','#808080','member',1795570148437);
INSERT INTO "presence" VALUES('24f82d','u_csp4vfm9pk','Ann','#808080','owner',1795570147240);
INSERT INTO "presence" VALUES('7gsnzh','u_54xh8138n0','Bobby','#808080','member',1795570149161);
INSERT INTO "presence" VALUES('7gsnzh','u_csp4vfm9pk','Ann','#808080','owner',1795570149160);
CREATE TABLE restrictions (
  room TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, until INTEGER,
  reason TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (room, person, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO "restrictions" VALUES('24f82d','u_54xh8138n0','mute','Bobby',2110930149575,'loud','console',1795570149575);
INSERT INTO "restrictions" VALUES('24f82d','u_whwwctczmx','ban','Cem',NULL,'spam','console',1795570149615);
CREATE TABLE rooms (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, max INTEGER NOT NULL, password TEXT, topic TEXT NOT NULL,
  slow INTEGER NOT NULL, owner_id TEXT, owner_name TEXT, owner_color TEXT, permanent INTEGER NOT NULL,
  locked INTEGER NOT NULL, created_at INTEGER NOT NULL, epoch TEXT NOT NULL
, tags TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
INSERT INTO "rooms" VALUES('24f82d','Tea house',7,'$scrypt$ln=14,r=8,p=1$Gz+BDdHRpfjIyN0Qh9kOGg==$5ZQVC38CiRapoL326I0Qqmw5OYhLXbzlo+qWUYcr8K0=','leaves',0,'u_54xh8138n0','Bobby','#808080',0,0,1795570147237,'8k6qpnhv','');
INSERT INTO "rooms" VALUES('7gsnzh','Library',10,NULL,'',0,'u_csp4vfm9pk','Ann','#808080',0,0,1795570149159,'tr7dwh2r','quiet books');
INSERT INTO "rooms" VALUES('8kqfj3','Hall',20,NULL,'',0,NULL,NULL,NULL,1,0,1795570149665,'8krhngbv','');
CREATE TABLE schedules (
  plugin TEXT NOT NULL, key TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL, data TEXT NOT NULL,
  PRIMARY KEY (plugin, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "schedules" VALUES('counter','tea','due',2110930149163,'{"cups":2}');
CREATE TABLE stores (
  plugin TEXT NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires INTEGER,
  PRIMARY KEY (plugin, scope, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "stores" VALUES('counter','user u_54xh8138n0','count','2',NULL);
CREATE UNIQUE INDEX events_by_cid ON events (room, author, cid) WHERE cid IS NOT NULL;
CREATE INDEX events_by_gif ON events (gif) WHERE gif IS NOT NULL;
COMMIT;
