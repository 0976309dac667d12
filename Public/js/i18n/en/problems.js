// @ts-check

/** What went wrong, and how long to wait. */
export default {
  "end.rooms": "Back to the rooms",
  "end.again": "Enter again",
  "end.retry": "Try again",
  "end.reload": "Load the page anew",
  "end.left": "You have left the room",
  "end.left.text": "Perhaps in another window. Your seat is free.",
  "end.kicked": "You were asked to leave",
  "end.kicked.text": "You can come back in a minute, if you wish.",
  "end.banned": "You are banned from this room",
  "end.banned.text": "There are other rooms.",
  "end.banned.wait": "You can come back in {wait}.",
  "end.room_removed": "This room was removed",
  "end.room_removed.text": "Everything that was said in it is gone with it.",
  "end.replaced": "The room is open elsewhere",
  "end.replaced.text": "A newer window has taken over. You can take it back here.",
  "end.timeout": "The connection was lost for too long",
  "end.timeout.text": "Your seat was given up. You can enter again.",
  "end.not_found": "There is no such room",
  "end.not_found.text": "It may have closed: rooms close when nobody is in them.",
  "end.full": "The room is full",
  "end.full.text": "Try again when somebody has left.",
  "end.forbidden": "The room is closed to newcomers",
  "end.refused": "You cannot enter this room",
  "end.closed": "The connection was ended",
  "end.closed.text": "The page and the server do not understand each other. Loading it anew may help.",

  "error.disconnected": "There is no connection to the server.",
  "error.retry": "{text} Try again in {wait}.",

  "wait.seconds": ({ n }) => (n === 1 ? "1 second" : `${n} seconds`),
  "wait.minutes": ({ n }) => (n === 1 ? "1 minute" : `${n} minutes`),
  "wait.hours": ({ n }) => (n === 1 ? "1 hour" : `${n} hours`),
}
