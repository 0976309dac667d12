import GRDB

/// The database's tables, by the migrations that made them. A released migration never changes; a new one is added.
func migrator() -> DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 rooms, events, people") { db in
        try db.execute(sql: """
            CREATE TABLE rooms (
              id TEXT PRIMARY KEY, title TEXT NOT NULL, max INTEGER NOT NULL, password TEXT, topic TEXT NOT NULL,
              slow INTEGER NOT NULL, owner_id TEXT, owner_name TEXT, owner_color TEXT, permanent INTEGER NOT NULL,
              locked INTEGER NOT NULL, created_at INTEGER NOT NULL, epoch TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;

            -- Of a person's message the author's name, colour and role are those of the time. `detail` is JSON.
            CREATE TABLE events (
              room TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
              author TEXT, name TEXT, color TEXT, role TEXT, bot INTEGER NOT NULL DEFAULT 0,
              text TEXT, cid TEXT, reply_to INTEGER, gif TEXT, detail TEXT,
              PRIMARY KEY (room, seq)
            ) STRICT, WITHOUT ROWID;
            CREATE UNIQUE INDEX events_by_cid ON events (room, author, cid) WHERE cid IS NOT NULL;
            CREATE INDEX events_by_gif ON events (gif) WHERE gif IS NOT NULL;

            CREATE TABLE people (
              id TEXT PRIMARY KEY, name TEXT NOT NULL, color_seed TEXT NOT NULL, admin INTEGER NOT NULL, created_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE presence (
              room TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, color TEXT NOT NULL, role TEXT NOT NULL,
              joined_at INTEGER NOT NULL,
              PRIMARY KEY (room, person)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE restrictions (
              room TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, until INTEGER,
              reason TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,
              PRIMARY KEY (room, person, kind)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE stores (
              plugin TEXT NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires INTEGER,
              PRIMARY KEY (plugin, scope, key)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE audit (
              id INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL
            ) STRICT;
            """)
    }
    migrator.registerMigration("2 held messages") { db in
        // The message is a row as in `events`, without a number of its own.
        try db.execute(sql: """
            CREATE TABLE held (
              id TEXT PRIMARY KEY, reason TEXT NOT NULL, by TEXT NOT NULL, until INTEGER NOT NULL,
              room TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
              author TEXT, name TEXT, color TEXT, role TEXT, bot INTEGER NOT NULL DEFAULT 0,
              text TEXT, cid TEXT, reply_to INTEGER, gif TEXT, detail TEXT
            ) STRICT, WITHOUT ROWID;
            """)
    }
    migrator.registerMigration("3 schedules") { db in
        // Times are milliseconds since 1970; `data` is JSON.
        try db.execute(sql: """
            CREATE TABLE schedules (
              plugin TEXT NOT NULL, key TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL, data TEXT NOT NULL,
              PRIMARY KEY (plugin, key)
            ) STRICT, WITHOUT ROWID;
            """)
    }
    migrator.registerMigration("4 moderators, tags of rooms") { db in
        // Tags are words without spaces, kept with a space between them.
        try db.execute(sql: """
            CREATE TABLE moderators (
              room TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL,
              PRIMARY KEY (room, person)
            ) STRICT, WITHOUT ROWID;
            ALTER TABLE rooms ADD COLUMN tags TEXT NOT NULL DEFAULT '';
            """)
    }
    migrator.registerMigration("5 changes of messages") { db in
        // `target` is the message that an edit, a deletion or a reaction is about; `changed` the number of the last such event
        // about a message. What a message says, and who reacted, is as of that event.
        try db.execute(sql: """
            ALTER TABLE events ADD COLUMN target INTEGER;
            ALTER TABLE events ADD COLUMN look TEXT;
            ALTER TABLE events ADD COLUMN changed INTEGER;
            ALTER TABLE events ADD COLUMN edited_at INTEGER;
            CREATE INDEX events_by_target ON events (room, target) WHERE target IS NOT NULL;
            ALTER TABLE held ADD COLUMN target INTEGER;
            ALTER TABLE held ADD COLUMN look TEXT;

            -- `place` is the number of the event that brought the emoji under the message, `since` that of the person's.
            CREATE TABLE reactions (
              room TEXT NOT NULL, seq INTEGER NOT NULL, emoji TEXT NOT NULL, person TEXT NOT NULL,
              place INTEGER NOT NULL, since INTEGER NOT NULL,
              PRIMARY KEY (room, seq, emoji, person)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE reports (
              id TEXT PRIMARY KEY, room TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
              author TEXT NOT NULL, author_name TEXT NOT NULL, color TEXT NOT NULL, bot INTEGER NOT NULL, text TEXT NOT NULL,
              person TEXT NOT NULL, name TEXT NOT NULL, why TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;
            """)
    }
    migrator.registerMigration("6 retention") { db in
        // Of rooms that have a retention of their own (`age` in milliseconds, `count` in events, 0 for any; both NULL for the
        // server's), or whose events up to the number `horizon` have been removed.
        try db.execute(sql: """
            CREATE TABLE keeping (
              room TEXT PRIMARY KEY, age INTEGER, count INTEGER, horizon INTEGER NOT NULL DEFAULT 0
            ) STRICT, WITHOUT ROWID;
            """)
    }
    migrator.registerMigration("7 traces, erased people") { db in
        // `document` is JSON of the plugin host's.
        try db.execute(sql: """
            CREATE TABLE traces (
              serial INTEGER PRIMARY KEY, at INTEGER NOT NULL, room TEXT, seq INTEGER, person TEXT, document TEXT NOT NULL
            ) STRICT;
            CREATE INDEX traces_by_message ON traces (room, seq) WHERE seq IS NOT NULL;

            -- Of whom nothing is kept but that nobody is to be them again. `done` is 0 while something is still to be removed.
            CREATE TABLE erased (
              person TEXT PRIMARY KEY, at INTEGER NOT NULL, done INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            """)
    }
    return migrator
}
