// @ts-check

/** A room: its frame, its connection, its messages. */
export default {
  "room.leave": "나가기",
  "room.leave.long": "방 나가기",
  "room.people": "참가자",
  "room.people.open": "참가자 {max}명 중 {count}명",
  "room.more": "외 {n}명",
  "room.about": "주제",
  "room.remove": "방 삭제",
  "room.remove.title": "이 방을 삭제할까요?",
  "room.remove.text": "모두 나가게 되고, 나눈 이야기는 모두 지워집니다.",
  "room.remove.confirm": "삭제",
  "room.slow": "한 사람이 {seconds}초에 한 번씩 말할 수 있습니다",

  "connection.open": "연결됨",
  "connection.by.websocket": "WebSocket",
  "connection.by.events": "서버 전송 이벤트",
  "connection.by.polling": "롱 폴링",
  "connection.connecting": "연결하는 중…",
  "connection.waiting": "연결이 끊어졌습니다. {seconds}초 뒤에 다시 시도합니다.",
  "connection.waiting.short": "다시 연결하는 중",
  "connection.restart": "서버가 다시 시작합니다. {seconds}초 뒤에 돌아옵니다.",
  "connection.idle": "자리를 비우셔서 잠시 멈췄습니다.",
  "connection.closed": "연결되지 않음",
  "connection.retry": "지금 시도",
  "connection.kept": "쓰신 메시지는 보관했다가 그때 보냅니다.",

  "log.label": "메시지",
  "log.older": "이전 메시지",
  "log.older.loading": "불러오는 중…",
  "log.older.failed": "불러오지 못했습니다. 다시 시도",
  "log.beginning": "여기서부터 방이 시작되었습니다.",
  "log.new": "새 메시지 {n}개",
  "log.bottom": "맨 아래로",
  "log.today": "오늘",
  "log.yesterday": "어제",

  "title.unread": "({n}) {title}",
}
