// @ts-check

/** The list of rooms, and opening one. */
export default {
  "skip.rooms": "방 목록으로 건너뛰기",
  "skip.messages": "메시지로 건너뛰기",
  "skip.composer": "입력란으로 건너뛰기",

  "lobby.title": "채팅방",
  "lobby.lead": "방을 고르거나 새로 열어 보세요. 가입은 필요 없습니다.",
  "lobby.search": "방 찾기",
  "lobby.empty.title": "아직 조용하네요",
  "lobby.empty.text": "열린 방이 없습니다. 첫 번째 방을 열어 보세요.",
  "lobby.none": "“{query}”에 맞는 방이 없습니다.",
  "lobby.more": "{n}개 더 보기",
  "lobby.added": "새 방: {title}",
  "lobby.enter": "입장",
  "lobby.full": "만원",
  "lobby.locked": "비밀방",
  "lobby.owner": "방장 {name}",
  "lobby.people": "{max}명 중 {count}명",
  "lobby.offline": "연결이 끊어졌습니다. 목록이 최신이 아닐 수 있습니다.",

  "create.title": "채팅방 생성",
  "create.lead": "마지막 사람이 나가고 10분이 지나면 방은 저절로 닫힙니다.",
  "create.name": "방 제목",
  "create.max": "수용 인원",
  "create.max.hint": "2명에서 10,000명까지",
  "create.password": "비밀번호",
  "create.optional": "선택",
  "create.password.hint": "비워 두면 공개방이 됩니다.",
  "create.submit": "생성",
  "create.busy": "만드는 중…",
  "create.error.title": "방 제목을 입력하세요.",
  "create.error.title.long": "방 제목은 {n}자까지 쓸 수 있습니다.",
  "create.error.max": "수용 인원은 2명에서 10,000명까지입니다.",
  "create.error.failed": "방을 만들지 못했습니다. 연결을 확인하고 다시 시도하세요.",
}
