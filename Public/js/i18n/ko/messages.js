// @ts-check

/** Messages, and writing them. */
export default {
  "message.you": "나",
  "message.bot": "봇",
  "message.waiting": "아직 보내지 못함",
  "message.sent": "보내는 중…",
  "message.held": "관리자의 확인을 기다리는 중",
  "message.refused": "보내지 못함",
  "message.retry": "다시 보내기",
  "message.remove": "지우기",
  "message.whisper.to": "{name}님에게 귓속말",
  "message.whisper.from": "{name}님의 귓속말",
  "message.whisper.reply": "귓속말로 답하기",
  "message.reply": "답장",
  "message.reply.to": "{name}님에게 답장",
  "message.quote": "답장하는 메시지:",
  "message.quote.unknown": "이전 메시지에 답장",
  "message.quote.gone": "그 메시지를 더 이상 찾을 수 없습니다.",
  "message.notice": "나에게만 보입니다",
  "message.named": "{before}님이 이름을 {name}(으)로 바꾸셨습니다.",
  "message.topic": "새 주제: {topic}",
  "message.topic.none": "방의 주제가 지워졌습니다.",
  "message.moderator": "{name}님이 운영자가 되었습니다.",
  "message.moderator.not": "{name}님은 이제 운영자가 아닙니다.",
  "message.admin": "{name}님이 관리자가 되었습니다.",
  "message.admin.not": "{name}님은 이제 관리자가 아닙니다.",
  "message.owner": "{name}님이 방장입니다.",

  "gif.badge": "GIF",
  "gif.alt": "{name}님이 보낸 GIF",
  "gif.play": "재생",
  "gif.pause": "멈춤",
  "gif.choose": "GIF 올리기",
  "gif.drop": "GIF를 여기에 놓으세요",
  "gif.uploading": "올리는 중",
  "gif.cancel": "그만두기",
  "gif.notgif": "{name}: GIF 파일만 보낼 수 있습니다.",
  "gif.toolarge": "{name}: 파일이 너무 큽니다. {limit}MB까지 보낼 수 있습니다.",

  "composer.label": "메시지",
  "composer.placeholder": "메시지를 입력하세요",
  "composer.send": "전송",
  "composer.hint": "Enter 전송, Shift + Enter 줄 바꿈, / 명령어 보기",
  "composer.left": ({ n }) => (n < 0 ? `${-n}자 초과` : `${n}자 남음`),
  "composer.whisper": "{name}님에게 귓속말",
  "composer.whisper.placeholder": "{name}님에게만 보입니다",
  "composer.whisper.stop": "귓속말 그만하기",
  "composer.whisper.gone": "{name}님은 이제 방에 없습니다.",
  "composer.reply.stop": "답장 그만하기",
  "composer.commands": "명령어",
  "composer.commands.found": "{n}개",

  "typing": ({ names }) =>
    names.length === 1 ? `${names[0]}님이 입력하고 있습니다…`
    : names.length === 2 ? `${names[0]}님과 ${names[1]}님이 입력하고 있습니다…`
    : "여러 명이 입력하고 있습니다…",
}
