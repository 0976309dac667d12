BEGIN TRANSACTION;
CREATE TABLE audit (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL
) STRICT;
INSERT INTO "audit" VALUES(1,1795570180751,'root','role grant u_54xh8138n0 moderator in kbzcgk');
INSERT INTO "audit" VALUES(2,1795570180752,'console','make u_54xh8138n0 a moderator of kbzcgk');
INSERT INTO "audit" VALUES(3,1795570180926,'root','room set kbzcgk tags quiet books');
INSERT INTO "audit" VALUES(4,1795570180988,'root','erase user u_erased --yes');
INSERT INTO "audit" VALUES(5,1795570181020,'root','room set kbzcgk retention 1000 --yes');
INSERT INTO "audit" VALUES(6,1795570181053,'root','room set sbp8bv topic leaves');
INSERT INTO "audit" VALUES(7,1795570181176,'root','room set sbp8bv slow 0');
INSERT INTO "audit" VALUES(8,1795570181208,'root','say sbp8bv "hello from the console"');
INSERT INTO "audit" VALUES(9,1795570181477,'root','room transfer sbp8bv u_54xh8138n0');
INSERT INTO "audit" VALUES(10,1795570181478,'console','give sbp8bv to u_54xh8138n0');
INSERT INTO "audit" VALUES(11,1795570181617,'root','mute u_54xh8138n0 sbp8bv 3650d loud');
INSERT INTO "audit" VALUES(12,1795570181621,'console','mute u_54xh8138n0 in sbp8bv for 315360000 s: loud');
INSERT INTO "audit" VALUES(13,1795570181749,'root','ban u_whwwctczmx sbp8bv spam');
INSERT INTO "audit" VALUES(14,1795570181750,'console','ban u_whwwctczmx in sbp8bv for good: spam');
INSERT INTO "audit" VALUES(15,1795570181778,'root','room create Hall 20');
CREATE TABLE erased (
  person TEXT PRIMARY KEY, at INTEGER NOT NULL, done INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "erased" VALUES('u_jv73mktcrj',1795570180990,1);
CREATE TABLE events (
  room TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
  author TEXT, name TEXT, color TEXT, role TEXT, bot INTEGER NOT NULL DEFAULT 0,
  text TEXT, cid TEXT, reply_to INTEGER, gif TEXT, detail TEXT, target INTEGER, look TEXT, changed INTEGER, edited_at INTEGER,
  PRIMARY KEY (room, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO "events" VALUES('kbzcgk',1,1795570180663,'join','u_csp4vfm9pk','Ann','#808080','owner',0,NULL,NULL,NULL,NULL,'{"count":1}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('kbzcgk',2,1795570180664,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('kbzcgk',3,1795570180665,'join','u_54xh8138n0','Bobby','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":2}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('kbzcgk',4,1795570180665,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"by":"counter","key":"plain"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('kbzcgk',5,1795570180666,'chat','u_csp4vfm9pk','Ann','#808080','owner',0,'plan',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('kbzcgk',6,1795570180752,'role','u_54xh8138n0','Bobby','#808080','moderator',0,NULL,NULL,NULL,NULL,'{"before":"member"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('kbzcgk',7,1795570180943,'chat','u_csp4vfm9pk','Ann','#808080','owner',0,'after',NULL,NULL,NULL,NULL,NULL,NULL,10,1795570180949);
INSERT INTO "events" VALUES('kbzcgk',8,1795570180945,'deleted','u_csp4vfm9pk','Ann','#808080','owner',0,NULL,NULL,NULL,NULL,'{"deleter":{"role":"owner","name":"Ann","id":"u_csp4vfm9pk","color":"#808080"}}',NULL,NULL,11,NULL);
INSERT INTO "events" VALUES('kbzcgk',9,1795570180949,'edit','u_csp4vfm9pk','Ann','#808080','owner',0,'after',NULL,NULL,NULL,NULL,7,NULL,NULL,NULL);
INSERT INTO "events" VALUES('kbzcgk',10,1795570180950,'react','u_54xh8138n0','Bobby','#808080','moderator',0,'👍',NULL,NULL,NULL,NULL,7,NULL,NULL,NULL);
INSERT INTO "events" VALUES('kbzcgk',11,1795570180951,'delete','u_csp4vfm9pk','Ann','#808080','owner',0,NULL,NULL,NULL,NULL,NULL,8,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',1,1795570179870,'join','u_csp4vfm9pk','Ann','#808080','owner',0,NULL,NULL,NULL,NULL,'{"count":1}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',2,1795570179872,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',3,1795570180139,'join','u_54xh8138n0','Bob','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":2}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',4,1795570180140,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"by":"counter","key":"plain"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',5,1795570180383,'join','u_whwwctczmx','Cem','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":3}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',6,1795570180386,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',7,1795570180494,'chat','u_csp4vfm9pk','Ann','#808080','owner',0,'안녕 👋','first',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',8,1795570180646,'chat','u_54xh8138n0','Bob','#808080','member',0,'an answer','second',4,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',9,1795570180653,'gif','u_csp4vfm9pk','Ann','#808080','owner',0,'cat','third',NULL,'489f8bb59594c387796a4850f8bfbbe75a56e7f77d574d2e7a6bcd51ddf70e33','{"seconds":0.3,"height":2,"width":2,"flashes":0,"bytes":92,"frames":3}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',10,1795570180656,'chat','u_54xh8138n0','Bob','#808080','member',0,'count',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',11,1795570180657,'chat','plugin:counter','counter','#808080','member',1,'count 1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',12,1795570180657,'chat','u_54xh8138n0','Bob','#808080','member',0,'count',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',13,1795570180658,'chat','plugin:counter','counter','#808080','member',1,'count 2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',14,1795570180659,'name','u_54xh8138n0','Bobby','#808080','member',0,NULL,NULL,NULL,NULL,'{"before":"Bob"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',15,1795570181054,'topic',NULL,NULL,NULL,NULL,0,'leaves',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',16,1795570181208,'system',NULL,NULL,NULL,NULL,0,'hello from the console',NULL,NULL,NULL,'{"by":"server"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',17,1795570181478,'owner','u_54xh8138n0','Bobby','#808080','owner',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('sbp8bv',18,1795570181750,'exit','u_whwwctczmx','Cem','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":2,"reason":"banned"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('xd8yc7',1,1795570180963,'join','u_erased','(erased)','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":1}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('xd8yc7',2,1795570180964,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('xd8yc7',3,1795570180965,'deleted','u_erased','(erased)','#808080','member',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('xd8yc7',4,1795570180989,'exit','u_erased','(erased)','#808080','member',0,NULL,NULL,NULL,NULL,'{"reason":"left","count":0}',NULL,NULL,NULL,NULL);
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('1 rooms, events, people');
INSERT INTO "grdb_migrations" VALUES('2 held messages');
INSERT INTO "grdb_migrations" VALUES('3 schedules');
INSERT INTO "grdb_migrations" VALUES('4 moderators, tags of rooms');
INSERT INTO "grdb_migrations" VALUES('5 changes of messages');
INSERT INTO "grdb_migrations" VALUES('6 retention');
INSERT INTO "grdb_migrations" VALUES('7 traces, erased people');
CREATE TABLE held (
  id TEXT PRIMARY KEY, reason TEXT NOT NULL, by TEXT NOT NULL, until INTEGER NOT NULL,
  room TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
  author TEXT, name TEXT, color TEXT, role TEXT, bot INTEGER NOT NULL DEFAULT 0,
  text TEXT, cid TEXT, reply_to INTEGER, gif TEXT, detail TEXT
, target INTEGER, look TEXT) STRICT, WITHOUT ROWID;
INSERT INTO "held" VALUES('h_0qtcqyxd','a moderator should see this','counter',4102444800000,'sbp8bv',0,1795570181783,'chat','u_csp4vfm9pk','Ann','#808080','member',0,'hold','fourth',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE keeping (
  room TEXT PRIMARY KEY, age INTEGER, count INTEGER, horizon INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO "keeping" VALUES('kbzcgk',0,1000,0);
CREATE TABLE moderators (
  room TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (room, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "moderators" VALUES('kbzcgk','u_54xh8138n0','Bobby');
CREATE TABLE people (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, color_seed TEXT NOT NULL, admin INTEGER NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "people" VALUES('u_54xh8138n0','Bobby','2j23mvhnf27qqh9s',0,1795570179480);
INSERT INTO "people" VALUES('u_csp4vfm9pk','Ann','jfh7d6vf0by0ghjt',0,1795570179421);
INSERT INTO "people" VALUES('u_whwwctczmx','Cem','gsx9t76f6wr89qt4',0,1795570179509);
CREATE TABLE presence (
  room TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, color TEXT NOT NULL, role TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  PRIMARY KEY (room, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "presence" VALUES('kbzcgk','u_54xh8138n0','Bobby','#808080','member',1795570180665);
INSERT INTO "presence" VALUES('kbzcgk','u_csp4vfm9pk','Ann','#808080','owner',1795570180663);
INSERT INTO "presence" VALUES('sbp8bv','u_54xh8138n0','Bob','#808080','member',1795570180139);
INSERT INTO "presence" VALUES('sbp8bv','u_csp4vfm9pk','Ann','#808080','owner',1795570179870);
CREATE TABLE reactions (
  room TEXT NOT NULL, seq INTEGER NOT NULL, emoji TEXT NOT NULL, person TEXT NOT NULL,
  place INTEGER NOT NULL, since INTEGER NOT NULL,
  PRIMARY KEY (room, seq, emoji, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "reactions" VALUES('kbzcgk',7,'👍','u_54xh8138n0',10,10);
CREATE TABLE reports (
  id TEXT PRIMARY KEY, room TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
  author TEXT NOT NULL, author_name TEXT NOT NULL, color TEXT NOT NULL, bot INTEGER NOT NULL, text TEXT NOT NULL,
  person TEXT NOT NULL, name TEXT NOT NULL, why TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "reports" VALUES('r_8kqfrvr2','kbzcgk',7,1795570180953,'u_csp4vfm9pk','Ann','#808080',0,'after','u_54xh8138n0','Bobby','too true');
CREATE TABLE restrictions (
  room TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, until INTEGER,
  reason TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (room, person, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO "restrictions" VALUES('sbp8bv','u_54xh8138n0','mute','Bobby',2110930181621,'loud','console',1795570181621);
INSERT INTO "restrictions" VALUES('sbp8bv','u_whwwctczmx','ban','Cem',NULL,'spam','console',1795570181749);
CREATE TABLE rooms (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, max INTEGER NOT NULL, password TEXT, topic TEXT NOT NULL,
  slow INTEGER NOT NULL, owner_id TEXT, owner_name TEXT, owner_color TEXT, permanent INTEGER NOT NULL,
  locked INTEGER NOT NULL, created_at INTEGER NOT NULL, epoch TEXT NOT NULL
, tags TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
INSERT INTO "rooms" VALUES('k3x7fb','Hall',20,NULL,'',0,NULL,NULL,NULL,1,0,1795570181779,'y5w70fd5','');
INSERT INTO "rooms" VALUES('kbzcgk','Library',10,NULL,'',0,'u_csp4vfm9pk','Ann','#808080',0,0,1795570180662,'0983d2w2','quiet books');
INSERT INTO "rooms" VALUES('sbp8bv','Tea house',7,'$scrypt$ln=14,r=8,p=1$5pV5kNIALpGqKz6XNBnomw==$lVSDsg87jSucS4IFzxLNyYr++qkH+9FQoRTzQnd9lfc=','leaves',0,'u_54xh8138n0','Bobby','#808080',0,0,1795570179855,'c0sx10w5','');
INSERT INTO "rooms" VALUES('xd8yc7','Attic',10,NULL,'',0,NULL,NULL,NULL,0,0,1795570180962,'y07yc5fz','');
CREATE TABLE schedules (
  plugin TEXT NOT NULL, key TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL, data TEXT NOT NULL,
  PRIMARY KEY (plugin, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "schedules" VALUES('counter','tea','due',2110930180667,'{"cups":2}');
CREATE TABLE stores (
  plugin TEXT NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires INTEGER,
  PRIMARY KEY (plugin, scope, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "stores" VALUES('counter','user u_54xh8138n0','count','2',NULL);
CREATE TABLE traces (
  serial INTEGER PRIMARY KEY, at INTEGER NOT NULL, room TEXT, seq INTEGER, person TEXT, document TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_by_cid ON events (room, author, cid) WHERE cid IS NOT NULL;
CREATE INDEX events_by_gif ON events (gif) WHERE gif IS NOT NULL;
CREATE INDEX events_by_target ON events (room, target) WHERE target IS NOT NULL;
CREATE INDEX traces_by_message ON traces (room, seq) WHERE seq IS NOT NULL;
COMMIT;
