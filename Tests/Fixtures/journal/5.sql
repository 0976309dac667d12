BEGIN TRANSACTION;
CREATE TABLE audit (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL
) STRICT;
INSERT INTO "audit" VALUES(1,1795570151527,'root','role grant u_54xh8138n0 moderator in h5xvc9');
INSERT INTO "audit" VALUES(2,1795570151558,'root','room set h5xvc9 tags quiet books');
INSERT INTO "audit" VALUES(3,1795570151606,'root','room set hcc7bk topic leaves');
INSERT INTO "audit" VALUES(4,1795570151633,'root','room set hcc7bk slow 0');
INSERT INTO "audit" VALUES(5,1795570151786,'root','say hcc7bk "hello from the console"');
INSERT INTO "audit" VALUES(6,1795570151827,'root','room transfer hcc7bk u_54xh8138n0');
INSERT INTO "audit" VALUES(7,1795570151856,'root','mute u_54xh8138n0 hcc7bk 3650d loud');
INSERT INTO "audit" VALUES(8,1795570151968,'root','ban u_whwwctczmx hcc7bk spam');
INSERT INTO "audit" VALUES(9,1795570152009,'root','room create Hall 20');
CREATE TABLE events (
  room TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
  author TEXT, name TEXT, color TEXT, role TEXT, bot INTEGER NOT NULL DEFAULT 0,
  text TEXT, cid TEXT, reply_to INTEGER, gif TEXT, detail TEXT, target INTEGER, look TEXT, changed INTEGER, edited_at INTEGER,
  PRIMARY KEY (room, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO "events" VALUES('h5xvc9',1,1795570151502,'join','u_csp4vfm9pk','Ann','#808080','owner',0,NULL,NULL,NULL,NULL,'{"count":1}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('h5xvc9',2,1795570151503,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('h5xvc9',3,1795570151504,'join','u_54xh8138n0','Bobby','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":2}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('h5xvc9',4,1795570151504,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('h5xvc9',5,1795570151505,'chat','u_csp4vfm9pk','Ann','#808080','owner',0,'plan',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('h5xvc9',6,1795570151527,'role','u_54xh8138n0','Bobby','#808080','moderator',0,NULL,NULL,NULL,NULL,'{"before":"member"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('h5xvc9',7,1795570151565,'chat','u_csp4vfm9pk','Ann','#808080','owner',0,'after',NULL,NULL,NULL,NULL,NULL,NULL,10,1795570151573);
INSERT INTO "events" VALUES('h5xvc9',8,1795570151566,'deleted','u_csp4vfm9pk','Ann','#808080','owner',0,NULL,NULL,NULL,NULL,'{"deleter":{"id":"u_csp4vfm9pk","role":"owner","name":"Ann","color":"#808080"}}',NULL,NULL,11,NULL);
INSERT INTO "events" VALUES('h5xvc9',9,1795570151573,'edit','u_csp4vfm9pk','Ann','#808080','owner',0,'after',NULL,NULL,NULL,NULL,7,NULL,NULL,NULL);
INSERT INTO "events" VALUES('h5xvc9',10,1795570151575,'react','u_54xh8138n0','Bobby','#808080','moderator',0,'👍',NULL,NULL,NULL,NULL,7,NULL,NULL,NULL);
INSERT INTO "events" VALUES('h5xvc9',11,1795570151576,'delete','u_csp4vfm9pk','Ann','#808080','owner',0,NULL,NULL,NULL,NULL,NULL,8,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',1,1795570150818,'join','u_csp4vfm9pk','Ann','#808080','owner',0,NULL,NULL,NULL,NULL,'{"count":1}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',2,1795570150819,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',3,1795570151276,'join','u_54xh8138n0','Bob','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":2}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',4,1795570151278,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',5,1795570151483,'join','u_whwwctczmx','Cem','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":3}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',6,1795570151484,'system',NULL,NULL,NULL,NULL,0,'plain',NULL,NULL,NULL,'{"key":"plain","by":"counter"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',7,1795570151486,'chat','u_csp4vfm9pk','Ann','#808080','owner',0,'안녕 👋','first',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',8,1795570151487,'chat','u_54xh8138n0','Bob','#808080','member',0,'an answer','second',4,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',9,1795570151493,'gif','u_csp4vfm9pk','Ann','#808080','owner',0,'cat','third',NULL,'489f8bb59594c387796a4850f8bfbbe75a56e7f77d574d2e7a6bcd51ddf70e33','{"height":2,"width":2,"frames":3,"flashes":0,"seconds":0.3,"bytes":92}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',10,1795570151495,'chat','u_54xh8138n0','Bob','#808080','member',0,'count',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',11,1795570151496,'chat','plugin:counter','counter','#808080','member',1,'count 1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',12,1795570151497,'chat','u_54xh8138n0','Bob','#808080','member',0,'count',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',13,1795570151497,'chat','plugin:counter','counter','#808080','member',1,'count 2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',14,1795570151498,'name','u_54xh8138n0','Bobby','#808080','member',0,NULL,NULL,NULL,NULL,'{"before":"Bob"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',15,1795570151606,'topic',NULL,NULL,NULL,NULL,0,'leaves',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',16,1795570151786,'system',NULL,NULL,NULL,NULL,0,'hello from the console',NULL,NULL,NULL,'{"by":"server"}',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',17,1795570151827,'owner','u_54xh8138n0','Bobby','#808080','owner',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('hcc7bk',18,1795570151970,'exit','u_whwwctczmx','Cem','#808080','member',0,NULL,NULL,NULL,NULL,'{"count":2,"reason":"banned"}',NULL,NULL,NULL,NULL);
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('1 rooms, events, people');
INSERT INTO "grdb_migrations" VALUES('2 held messages');
INSERT INTO "grdb_migrations" VALUES('3 schedules');
INSERT INTO "grdb_migrations" VALUES('4 moderators, tags of rooms');
INSERT INTO "grdb_migrations" VALUES('5 changes of messages');
CREATE TABLE held (
  id TEXT PRIMARY KEY, reason TEXT NOT NULL, by TEXT NOT NULL, until INTEGER NOT NULL,
  room TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
  author TEXT, name TEXT, color TEXT, role TEXT, bot INTEGER NOT NULL DEFAULT 0,
  text TEXT, cid TEXT, reply_to INTEGER, gif TEXT, detail TEXT
, target INTEGER, look TEXT) STRICT, WITHOUT ROWID;
INSERT INTO "held" VALUES('h_phnwkxjk','a moderator should see this','counter',4102444800000,'hcc7bk',0,1795570152056,'chat','u_csp4vfm9pk','Ann','#808080','member',0,'hold','fourth',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE moderators (
  room TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (room, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "moderators" VALUES('h5xvc9','u_54xh8138n0','Bobby');
CREATE TABLE people (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, color_seed TEXT NOT NULL, admin INTEGER NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "people" VALUES('u_54xh8138n0','Bobby','2j23mvhnf27qqh9s',0,1795570150310);
INSERT INTO "people" VALUES('u_csp4vfm9pk','Ann','jfh7d6vf0by0ghjt',0,1795570150303);
INSERT INTO "people" VALUES('u_whwwctczmx','Cem','gsx9t76f6wr89qt4',0,1795570150313);
CREATE TABLE presence (
  room TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, color TEXT NOT NULL, role TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  PRIMARY KEY (room, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "presence" VALUES('h5xvc9','u_54xh8138n0','Bobby','#808080','member',1795570151504);
INSERT INTO "presence" VALUES('h5xvc9','u_csp4vfm9pk','Ann','#808080','owner',1795570151502);
INSERT INTO "presence" VALUES('hcc7bk','u_54xh8138n0','Bob','#808080','member',1795570151276);
INSERT INTO "presence" VALUES('hcc7bk','u_csp4vfm9pk','Ann','#808080','owner',1795570150818);
CREATE TABLE reactions (
  room TEXT NOT NULL, seq INTEGER NOT NULL, emoji TEXT NOT NULL, person TEXT NOT NULL,
  place INTEGER NOT NULL, since INTEGER NOT NULL,
  PRIMARY KEY (room, seq, emoji, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "reactions" VALUES('h5xvc9',7,'👍','u_54xh8138n0',10,10);
CREATE TABLE reports (
  id TEXT PRIMARY KEY, room TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
  author TEXT NOT NULL, author_name TEXT NOT NULL, color TEXT NOT NULL, bot INTEGER NOT NULL, text TEXT NOT NULL,
  person TEXT NOT NULL, name TEXT NOT NULL, why TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "reports" VALUES('r_hqp093hc','h5xvc9',7,1795570151578,'u_csp4vfm9pk','Ann','#808080',0,'after','u_54xh8138n0','Bobby','too true');
CREATE TABLE restrictions (
  room TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, until INTEGER,
  reason TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (room, person, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO "restrictions" VALUES('hcc7bk','u_54xh8138n0','mute','Bobby',2110930151857,'loud','console',1795570151857);
INSERT INTO "restrictions" VALUES('hcc7bk','u_whwwctczmx','ban','Cem',NULL,'spam','console',1795570151970);
CREATE TABLE rooms (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, max INTEGER NOT NULL, password TEXT, topic TEXT NOT NULL,
  slow INTEGER NOT NULL, owner_id TEXT, owner_name TEXT, owner_color TEXT, permanent INTEGER NOT NULL,
  locked INTEGER NOT NULL, created_at INTEGER NOT NULL, epoch TEXT NOT NULL
, tags TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
INSERT INTO "rooms" VALUES('h5xvc9','Library',10,NULL,'',0,'u_csp4vfm9pk','Ann','#808080',0,0,1795570151501,'f13c6pvq','quiet books');
INSERT INTO "rooms" VALUES('hcc7bk','Tea house',7,'$scrypt$ln=14,r=8,p=1$bTSJL1DipuQn2opYxtTdEA==$LjI9F4vri1ZzGVFrxdvhCMfivXKPtjbQV2sJUrnQ5Ho=','leaves',0,'u_54xh8138n0','Bobby','#808080',0,0,1795570150812,'pm8697sc','');
INSERT INTO "rooms" VALUES('v9mjby','Hall',20,NULL,'',0,NULL,NULL,NULL,1,0,1795570152010,'rpzzmm1z','');
CREATE TABLE schedules (
  plugin TEXT NOT NULL, key TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL, data TEXT NOT NULL,
  PRIMARY KEY (plugin, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "schedules" VALUES('counter','tea','due',2110930151505,'{"cups":2}');
CREATE TABLE stores (
  plugin TEXT NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires INTEGER,
  PRIMARY KEY (plugin, scope, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "stores" VALUES('counter','user u_54xh8138n0','count','2',NULL);
CREATE UNIQUE INDEX events_by_cid ON events (room, author, cid) WHERE cid IS NOT NULL;
CREATE INDEX events_by_gif ON events (gif) WHERE gif IS NOT NULL;
CREATE INDEX events_by_target ON events (room, target) WHERE target IS NOT NULL;
COMMIT;
