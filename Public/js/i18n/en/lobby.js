// @ts-check

/** The list of rooms, and opening one. */
export default {
  "skip.rooms": "Skip to the rooms",
  "skip.messages": "Skip to the messages",
  "skip.composer": "Skip to writing",

  "lobby.title": "Rooms",
  "lobby.lead": "Pick a room, or open one of your own. No account needed.",
  "lobby.search": "Search rooms",
  "lobby.empty.title": "It is quiet here",
  "lobby.empty.text": "There are no rooms yet. Open the first one.",
  "lobby.none": "No room matches “{query}”.",
  "lobby.more": ({ n }) => `Show ${n} more`,
  "lobby.added": "New room: {title}",
  "lobby.enter": "Enter",
  "lobby.full": "Full",
  "lobby.locked": "Needs a password",
  "lobby.owner": "Owner: {name}",
  "lobby.people": "{count} of {max} people",
  "lobby.offline": "No connection. The list may be out of date.",

  "create.title": "Open a room",
  "create.lead": "It closes by itself ten minutes after the last person has left.",
  "create.name": "Title",
  "create.max": "Seats",
  "create.max.hint": "2 to 10,000 people",
  "create.password": "Password",
  "create.optional": "optional",
  "create.password.hint": "Empty means that anyone may come in.",
  "create.submit": "Open room",
  "create.busy": "Opening…",
  "create.error.title": "Give the room a title.",
  "create.error.title.long": "A title has at most {n} characters.",
  "create.error.max": "A room has 2 to 10,000 seats.",
  "create.error.failed": "The room could not be opened. Check your connection and try again.",
}
