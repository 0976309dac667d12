BEGIN TRANSACTION;
CREATE TABLE audit (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL
) STRICT;
INSERT INTO "audit" VALUES(1,1795570146226,'root','room set 79gc25 topic leaves');
INSERT INTO "audit" VALUES(2,1795570146253,'root','room set 79gc25 slow 0');
INSERT INTO "audit" VALUES(3,1795570146281,'root','say 79gc25 "hello from the console"');
INSERT INTO "audit" VALUES(4,1795570146311,'root','room transfer 79gc25 u_54xh8138n0');
INSERT INTO "audit" VALUES(5,1795570146342,'root','mute u_54xh8138n0 79gc25 3650d loud');
INSERT INTO "audit" VALUES(6,1795570146367,'root','ban u_whwwctczmx 79gc25 spam');
INSERT INTO "audit" VALUES(7,1795570146418,'root','room create Hall 20');
CREATE TABLE events (
  room TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
  author TEXT, name TEXT, color TEXT, role TEXT, bot INTEGER NOT NULL DEFAULT 0,
  text TEXT, cid TEXT, reply_to INTEGER, gif TEXT, detail TEXT,
  PRIMARY KEY (room, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO "events" VALUES('79gc25',1,1795570145693,'join','u_csp4vfm9pk','Ann','#808080','owner',0,NULL,NULL,NULL,NULL,'{"count":1}');
INSERT INTO "events" VALUES('79gc25',2,1795570145697,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"by":"counter","key":"plain"}');
INSERT INTO "events" VALUES('79gc25',3,1795570145958,'join','u_54xh8138n0','Bob','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":2}');
INSERT INTO "events" VALUES('79gc25',4,1795570145959,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"by":"counter","key":"plain"}');
INSERT INTO "events" VALUES('79gc25',5,1795570146168,'join','u_whwwctczmx','Cem','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":3}');
INSERT INTO "events" VALUES('79gc25',6,1795570146177,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"by":"counter","key":"plain"}');
INSERT INTO "events" VALUES('79gc25',7,1795570146179,'chat','u_csp4vfm9pk','Ann','#808080','owner',0,'안녕 👋','first',NULL,NULL,NULL);
INSERT INTO "events" VALUES('79gc25',8,1795570146180,'chat','u_54xh8138n0','Bob','#808080','member',0,'an answer','second',4,NULL,NULL);
INSERT INTO "events" VALUES('79gc25',9,1795570146193,'gif','u_csp4vfm9pk','Ann','#808080','owner',0,'cat','third',NULL,'489f8bb59594c387796a4850f8bfbbe75a56e7f77d574d2e7a6bcd51ddf70e33','{"frames":3,"seconds":0.3,"flashes":0,"bytes":92,"height":2,"width":2}');
INSERT INTO "events" VALUES('79gc25',10,1795570146195,'chat','u_54xh8138n0','Bob','#808080','member',0,'count',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('79gc25',11,1795570146196,'chat','plugin:counter','counter','#808080','member',1,'count 1',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('79gc25',12,1795570146197,'chat','u_54xh8138n0','Bob','#808080','member',0,'count',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('79gc25',13,1795570146197,'chat','plugin:counter','counter','#808080','member',1,'count 2',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('79gc25',14,1795570146198,'name','u_54xh8138n0','Bobby','#808080','member',0,NULL,NULL,NULL,NULL,'{"before":"Bob"}');
INSERT INTO "events" VALUES('79gc25',15,1795570146227,'topic',NULL,NULL,NULL,NULL,0,'leaves',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('79gc25',16,1795570146281,'system',NULL,NULL,NULL,NULL,0,'hello from the console',NULL,NULL,NULL,'{"by":"server"}');
INSERT INTO "events" VALUES('79gc25',17,1795570146312,'owner','u_54xh8138n0','Bobby','#808080','owner',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('79gc25',18,1795570146367,'exit','u_whwwctczmx','Cem','#808080','member',0,NULL,NULL,NULL,NULL,'{"reason":"banned","count":2}');
INSERT INTO "events" VALUES('vdhfhq',1,1795570146203,'join','u_csp4vfm9pk','Ann','#808080','owner',0,NULL,NULL,NULL,NULL,'{"count":1}');
INSERT INTO "events" VALUES('vdhfhq',2,1795570146203,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}');
INSERT INTO "events" VALUES('vdhfhq',3,1795570146204,'join','u_54xh8138n0','Bobby','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":2}');
INSERT INTO "events" VALUES('vdhfhq',4,1795570146204,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"by":"counter","key":"plain"}');
INSERT INTO "events" VALUES('vdhfhq',5,1795570146205,'chat','u_csp4vfm9pk','Ann','#808080','owner',0,'plan',NULL,NULL,NULL,NULL);
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('1 rooms, events, people');
INSERT INTO "grdb_migrations" VALUES('2 held messages');
INSERT INTO "grdb_migrations" VALUES('3 schedules');
CREATE TABLE held (
  id TEXT PRIMARY KEY, reason TEXT NOT NULL, by TEXT NOT NULL, until INTEGER NOT NULL,
  room TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
  author TEXT, name TEXT, color TEXT, role TEXT, bot INTEGER NOT NULL DEFAULT 0,
  text TEXT, cid TEXT, reply_to INTEGER, gif TEXT, detail TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO "held" VALUES('h_2c56vpv9','a moderator should see this','counter',4102444800000,'79gc25',0,1795570146423,'chat','u_csp4vfm9pk','Ann','#808080','member',0,'hold','fourth',NULL,NULL,NULL);
CREATE TABLE people (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, color_seed TEXT NOT NULL, admin INTEGER NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "people" VALUES('u_54xh8138n0','Bobby','2j23mvhnf27qqh9s',0,1795570145142);
INSERT INTO "people" VALUES('u_csp4vfm9pk','Ann','jfh7d6vf0by0ghjt',0,1795570145138);
INSERT INTO "people" VALUES('u_whwwctczmx','Cem','gsx9t76f6wr89qt4',0,1795570145145);
CREATE TABLE presence (
  room TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, color TEXT NOT NULL, role TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  PRIMARY KEY (room, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "presence" VALUES('79gc25','u_54xh8138n0','Bob','#808080','member',1795570145958);
INSERT INTO "presence" VALUES('79gc25','u_csp4vfm9pk','Ann','#808080','owner',1795570145693);
INSERT INTO "presence" VALUES('vdhfhq','u_54xh8138n0','Bobby','#808080','member',1795570146204);
INSERT INTO "presence" VALUES('vdhfhq','u_csp4vfm9pk','Ann','#808080','owner',1795570146203);
CREATE TABLE restrictions (
  room TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, until INTEGER,
  reason TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (room, person, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO "restrictions" VALUES('79gc25','u_54xh8138n0','mute','Bobby',2110930146343,'loud','console',1795570146343);
INSERT INTO "restrictions" VALUES('79gc25','u_whwwctczmx','ban','Cem',NULL,'spam','console',1795570146367);
CREATE TABLE rooms (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, max INTEGER NOT NULL, password TEXT, topic TEXT NOT NULL,
  slow INTEGER NOT NULL, owner_id TEXT, owner_name TEXT, owner_color TEXT, permanent INTEGER NOT NULL,
  locked INTEGER NOT NULL, created_at INTEGER NOT NULL, epoch TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "rooms" VALUES('79gc25','Tea house',7,'$scrypt$ln=14,r=8,p=1$zIdIKkNo6QLIQm76k1NCqQ==$XHiKLgt85AJ146FhJaZMo4B+W4ot5xWAvKIS/iYORQE=','leaves',0,'u_54xh8138n0','Bobby','#808080',0,0,1795570145688,'xrzhxy36');
INSERT INTO "rooms" VALUES('vdhfhq','Library',10,NULL,'',0,'u_csp4vfm9pk','Ann','#808080',0,0,1795570146201,'p36x3n1s');
INSERT INTO "rooms" VALUES('vsr420','Hall',20,NULL,'',0,NULL,NULL,NULL,1,0,1795570146419,'x53kb7c0');
CREATE TABLE schedules (
  plugin TEXT NOT NULL, key TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL, data TEXT NOT NULL,
  PRIMARY KEY (plugin, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "schedules" VALUES('counter','tea','due',2110930146205,'{"cups":2}');
CREATE TABLE stores (
  plugin TEXT NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires INTEGER,
  PRIMARY KEY (plugin, scope, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "stores" VALUES('counter','user u_54xh8138n0','count','2',NULL);
CREATE UNIQUE INDEX events_by_cid ON events (room, author, cid) WHERE cid IS NOT NULL;
CREATE INDEX events_by_gif ON events (gif) WHERE gif IS NOT NULL;
COMMIT;
