// @ts-check

/** A room: its frame, its connection, its messages. */
export default {
  "room.leave": "Leave",
  "room.leave.long": "Leave the room",
  "room.people": "People",
  "room.people.open": "People, {count} of {max}",
  "room.more": ({ n }) => `and ${n} more`,
  "room.about": "Topic",
  "room.remove": "Remove this room",
  "room.remove.title": "Remove this room?",
  "room.remove.text": "Everyone has to leave, and everything said here is deleted.",
  "room.remove.confirm": "Remove",
  "room.slow": "One message per person every {seconds} s",

  "connection.open": "Connected",
  "connection.by.websocket": "WebSocket",
  "connection.by.events": "Server-sent events",
  "connection.by.polling": "Long polling",
  "connection.connecting": "Connecting…",
  "connection.waiting": "Connection lost. Trying again in {seconds} s.",
  "connection.waiting.short": "Reconnecting",
  "connection.restart": "The server restarts. Back in {seconds} s.",
  "connection.idle": "Paused, since nobody was here.",
  "connection.closed": "Not connected",
  "connection.retry": "Try now",
  "connection.kept": "What you write is kept and sent then.",

  "log.label": "Messages",
  "log.older": "Earlier messages",
  "log.older.loading": "Loading…",
  "log.older.failed": "That did not work. Try again",
  "log.beginning": "This is where the room begins.",
  "log.new": ({ n }) => (n === 1 ? "1 new message" : `${n} new messages`),
  "log.bottom": "To the latest",
  "log.today": "Today",
  "log.yesterday": "Yesterday",

  "title.unread": "({n}) {title}",
}
