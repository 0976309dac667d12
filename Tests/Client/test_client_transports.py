"""What one can do in a room, on each transport; the others in it have a WebSocket."""

import pytest

from browsing import shown, wait, wait_for_message

pytestmark = pytest.mark.parametrize("transport", ["websocket", "events", "polling"])


def test_talking(transport, server, enter):
    room = server.make_room()
    bo = enter(room, "websocket")
    ann = enter(room, transport)
    # Only this person is greeted.
    wait(ann, "client.heard.some(({ type, by }) => type === 'notice' && by === 'greet')")

    ann.evaluate("client.room.send('hello')")
    wait_for_message(bo, "hello")
    bo.evaluate("client.room.send('hello, Ann', { reply_to: 1 })")
    wait_for_message(ann, "hello, Ann")

    ann.evaluate("client.roost.rename('Ann')")
    wait(bo, "[...client.room.members.byID.values()].some(({ name }) => name === 'Ann')")
    wait(ann, "client.room.you.name === 'Ann'")

    ann.evaluate("client.room.whisper(client.room.members.byID.values().find(({ id }) => id !== client.room.you.id), 'psst')")
    wait(bo, "client.heard.some(({ type, text, from }) => type === 'whisper' && text === 'psst' && from.name === 'Ann')")
    wait(ann, "client.heard.some(({ type, text }) => type === 'whisper' && text === 'psst')")
    bo.evaluate("client.room.whisper(client.room.members.byID.values().find(({ name }) => name === 'Ann'), 'what?')")
    wait(ann, "client.heard.some(({ type, text }) => type === 'whisper' && text === 'what?')")

    ann.evaluate("client.room.typing(true)")
    wait(bo, "client.heard.some(({ type, on }) => type === 'typing' && on)")
    bo.evaluate("client.room.typing(true)")
    if transport != "polling":
        wait(ann, "client.heard.some(({ type, on }) => type === 'typing' && on)")

    ann.evaluate("client.room.send('/roll 2d6')")
    wait(bo, "client.shown().some((line) => line.includes('🎲'))")
    ann.evaluate("client.room.send('/nonsense')")
    wait(ann, "client.room.outbox.items[0]?.problem")
    wait(ann, f"client.shown().length === {len(shown(bo))}")
    assert shown(ann) == shown(bo)


def test_history(transport, server, enter):
    room = server.make_room()
    bo = enter(room, "websocket")
    bo.evaluate("for (let number = 1; number <= 70; number += 1) client.room.send(`number ${number}`)")
    wait(bo, "client.shown().length === 70", 30)
    ann = enter(room, transport)
    wait_for_message(ann, "number 70")
    assert not any(line.endswith("number 1") for line in shown(ann))
    older = ann.evaluate("client.room.older(200).then((events) => events.map(({ seq }) => seq))")
    assert older == list(range(1, int(shown(ann)[0].split()[0])))
    assert ann.evaluate("client.room.hasMore") is False


def test_password(transport, server, enter):
    room = server.make_room(password="sesame")
    ann = enter(room, transport, until="password")
    assert ann.evaluate("client.room.problem") is None
    ann.evaluate("client.room.enter('wrong')")
    wait(ann, "client.room.problem?.code === 'wrong_password'")
    ann.evaluate("client.room.enter('sesame')")
    wait(ann, "client.room.state === 'joined'")
    ann.evaluate("client.room.send('in')")
    wait_for_message(ann, "in")


def test_being_kept_out(transport, server, enter):
    assert enter("nowhere", transport, until="ended").evaluate("client.room.problem.code") == "not_found"
    room = server.make_room(max=2)
    for _ in range(2):
        enter(room, "websocket")
    assert enter(room, transport, until="ended").evaluate("client.room.problem.code") == "full"


def test_leaving_and_being_sent_away(transport, server, enter):
    # The room is that of the first window's person: they made it in it.
    owner = enter("nowhere", "websocket", until="ended")
    room = owner.evaluate(
        """fetch("/room", { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"title":"Mine"}' })
             .then((answer) => answer.json()).then(({ id }) => id)""")
    owner = enter(room, "websocket", beside=owner)
    ann = enter(room, transport)
    window = enter(room, transport, beside=ann)
    window.evaluate("client.room.leave()")
    wait(ann, "client.room.state === 'ended' && client.room.problem.code === 'left'")
    wait(owner, "client.room.info.count === 1")
    # Nobody brings them back by listening on.
    ann.wait_for_timeout(300)
    assert owner.evaluate("client.room.info.count") == 1

    ann.evaluate("client.room.retry()")
    wait(ann, "client.room.state === 'joined'")
    owner.evaluate("(id) => client.room.send(`/kick ${id}`)", ann.evaluate("client.room.you.id"))
    wait(ann, "client.room.state === 'ended' && client.room.problem.code === 'kicked'")
    ann.evaluate("client.room.retry()")
    wait(ann, "client.room.problem?.code === 'banned'")

    cho = enter(room, transport)
    owner.evaluate("fetch(`/room/${client.room.id}`, { method: 'DELETE' })")
    wait(cho, "client.room.state === 'ended' && client.room.problem.code === 'room_removed'")


def test_the_lobby(transport, server, enter):
    ann = enter("nowhere", transport, until="ended")
    ann.evaluate("void client.roost.lobby.watch()")
    room = server.make_room(title="New here")
    wait(ann, f"client.roost.lobby.rooms.get('{room}')?.title === 'New here'")
    enter(room, "websocket")
    wait(ann, f"client.roost.lobby.rooms.get('{room}').count === 1")
    ann.evaluate("client.roost.lobby.unwatch()")


def test_the_server_says_that_it_restarts(transport, server, enter):
    room = server.make_room()
    ann = enter(room, transport)
    ann.evaluate("client.room.send('before')")
    wait_for_message(ann, "before")
    # A poll is told of it if it waits: give the next one time to.
    ann.wait_for_timeout(500)
    ann.evaluate("void client.roost.on('state', (state) => state === 'waiting' && (client.closing ??= client.roost.closing.code))")
    server.restart()
    wait(ann, "client.closing !== undefined")
    assert ann.evaluate("client.closing") == 4007
    ann.evaluate("void client.room.send('after')")
    wait_for_message(ann, "after")
    assert [line.split()[-1] for line in shown(ann)] == ["before", "after"]
