// @ts-check

/** Messages, and writing them. */
export default {
  "message.you": "You",
  "message.bot": "bot",
  "message.waiting": "Not sent yet",
  "message.sent": "Sending…",
  "message.held": "Waiting for a moderator",
  "message.refused": "Not sent",
  "message.retry": "Try again",
  "message.remove": "Remove",
  "message.whisper.to": "You whisper to {name}",
  "message.whisper.from": "{name} whispers to you",
  "message.whisper.reply": "Whisper back",
  "message.reply": "Reply",
  "message.reply.to": "Reply to {name}",
  "message.quote": "Answers",
  "message.quote.unknown": "Answers an earlier message",
  "message.quote.gone": "The message cannot be found any more.",
  "message.notice": "Only you see this",
  "message.named": "{before} is now called {name}.",
  "message.topic": "The topic is now: {topic}",
  "message.topic.none": "The room has no topic any more.",
  "message.moderator": "{name} is a moderator now.",
  "message.moderator.not": "{name} is not a moderator any more.",
  "message.admin": "{name} is an admin now.",
  "message.admin.not": "{name} is not an admin any more.",
  "message.owner": "{name} is the owner.",

  "gif.badge": "GIF",
  "gif.alt": "GIF from {name}",
  "gif.play": "Play",
  "gif.pause": "Pause",
  "gif.choose": "Send a GIF",
  "gif.drop": "Drop a GIF to send it",
  "gif.uploading": "Uploading",
  "gif.cancel": "Stop",
  "gif.notgif": "{name} is not a GIF. Only GIFs can be sent here.",
  "gif.toolarge": "{name} is too large: a GIF may have {limit} MB.",

  "composer.label": "Message",
  "composer.placeholder": "Write something",
  "composer.send": "Send",
  "composer.hint": "Enter sends, Shift + Enter begins a new line, / lists commands",
  "composer.left": ({ n }) => (n < 0 ? `${-n} too many` : `${n} left`),
  "composer.whisper": "Whisper to {name}",
  "composer.whisper.placeholder": "Only {name} will see this",
  "composer.whisper.stop": "Stop whispering",
  "composer.whisper.gone": "{name} is not here any more.",
  "composer.reply.stop": "Stop replying",
  "composer.commands": "Commands",
  "composer.commands.found": ({ n }) => (n === 1 ? "1 suggestion" : `${n} suggestions`),

  "typing": ({ names }) =>
    names.length === 1 ? `${names[0]} is writing…`
    : names.length === 2 ? `${names[0]} and ${names[1]} are writing…`
    : "Several people are writing…",
}
