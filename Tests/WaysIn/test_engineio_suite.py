"""The test suite of the Engine.IO protocol v4 (socketio/engine.io-protocol, `test-suite/test-suite.js`), in Python.

Groups and tests have the suite's names. `roost bench echo` echoes Socket.IO events rather than Engine.IO messages, so where the
suite sends `hello` a client in the main namespace sends an event here; what is asserted of the packets around it is the same.
Times are those of `roost bench echo --ping 1 --pong 1`.
"""

import json

import pytest
from websockets.exceptions import InvalidStatus

from ways import EngineIO, eventually


def event(text, name="message"):
    return f'42["{name}","{text}"]'


def back(text):
    return event(text, "message-back")


@pytest.fixture
def client(echo):
    return EngineIO(echo)


@pytest.fixture
def session(client):
    """A session by polling that is in the main namespace and has nothing waiting for it."""
    client.open()
    assert client.post("40").text == "ok"
    assert len(client.packets(lambda packets: len(packets) == 2)) == 2
    return client


def is_handshake(text, upgrades):
    assert text.startswith("0")
    value = json.loads(text[1:])
    assert value.keys() == {"sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"}
    assert isinstance(value["sid"], str)
    assert value["upgrades"] == upgrades
    assert (value["pingInterval"], value["pingTimeout"], value["maxPayload"]) == (1000, 1000, 1000000)


def is_refused(client, query):
    with pytest.raises(InvalidStatus) as refusal:
        client.web_socket(query)
    assert refusal.value.response.status_code == 400


class TestHandshakeByLongPolling:
    def test_successfully_opens_a_session(self, client):
        answer = client.fetch("EIO=4&transport=polling")
        assert answer.status_code == 200
        is_handshake(answer.text, ["websocket"])

    @pytest.mark.parametrize("query", ["transport=polling", "EIO=abc&transport=polling"])
    def test_fails_with_an_invalid_EIO_query_parameter(self, client, query):
        answer = client.fetch(query)
        assert (answer.status_code, answer.json()["code"]) == (400, 5)

    @pytest.mark.parametrize("query", ["EIO=4", "EIO=4&transport=abc"])
    def test_fails_with_an_invalid_transport_query_parameter(self, client, query):
        answer = client.fetch(query)
        assert (answer.status_code, answer.json()["code"]) == (400, 0)

    @pytest.mark.parametrize("method", ["POST", "PUT"])
    def test_fails_with_an_invalid_request_method(self, client, method):
        assert client.fetch("EIO=4&transport=polling", method).status_code == 400


class TestHandshakeByWebSocket:
    def test_successfully_opens_a_session(self, client):
        with client.web_socket() as socket:
            is_handshake(socket.receive(), [])

    @pytest.mark.parametrize("query", ["transport=websocket", "EIO=abc&transport=websocket"])
    def test_fails_with_an_invalid_EIO_query_parameter(self, client, query):
        is_refused(client, query)

    @pytest.mark.parametrize("query", ["EIO=4", "EIO=4&transport=abc"])
    def test_fails_with_an_invalid_transport_query_parameter(self, client, query):
        is_refused(client, query)


class TestMessageByLongPolling:
    def test_sends_and_receives_a_payload_containing_one_plain_text_packet(self, session):
        answer = session.post(event("hello"))
        assert (answer.status_code, answer.text) == (200, "ok")
        assert session.packets(len) == [back("hello")]

    def test_sends_and_receives_a_payload_containing_several_plain_text_packets(self, session):
        answer = session.post("\x1e".join(map(event, ("test1", "test2", "test3"))))
        assert (answer.status_code, answer.text) == (200, "ok")
        answer = session.poll()
        assert answer.status_code == 200
        assert [packet for packet in answer.text.split("\x1e") if packet != "2"] == list(map(back, ("test1", "test2", "test3")))

    def test_sends_and_receives_a_payload_containing_plain_text_and_binary_packets(self, session):
        answer = session.post('451-["message",{"_placeholder":true,"num":0}]\x1ebAQIDBA==')
        assert (answer.status_code, answer.text) == (200, "ok")
        assert session.packets(lambda packets: len(packets) == 2) == ['451-["message-back",{"_placeholder":true,"num":0}]', "bAQIDBA=="]

    def test_closes_the_session_upon_invalid_packet_format(self, session):
        assert session.post("abc").status_code == 400
        assert session.poll().status_code == 400

    def test_closes_the_session_upon_duplicate_poll_requests(self, session):
        # The suite lets 5 ms pass between the two; whichever of them comes first, the other one is too many.
        first, second = session.start_poll(), session.start_poll()
        answers = sorted((first.response(), second.response()), key=lambda answer: answer.status)
        assert (answers[0].status, answers[0].text) == (200, "1")
        assert answers[1].status == 400
        assert session.poll().status_code == 400

    def test_closes_the_session_upon_cancelled_polling_request(self, session):
        session.start_poll().close()
        eventually(lambda: session.post("3").status_code == 400, "the session's end")


class TestMessageByWebSocket:
    @pytest.fixture
    def socket(self, client):
        with client.web_socket() as socket:
            socket.receive()
            socket.send("40")
            assert socket.receive_other().startswith("40") and socket.receive_other() == '42["auth",{}]'
            yield socket

    def test_sends_and_receives_a_plain_text_packet(self, socket):
        socket.send(event("hello"))
        assert socket.receive_other() == back("hello")

    def test_sends_and_receives_a_binary_packet(self, socket):
        socket.send('451-["message",{"_placeholder":true,"num":0}]', bytes([1, 2, 3, 4]))
        assert socket.receive_other() == '451-["message-back",{"_placeholder":true,"num":0}]'
        assert socket.receive_other() == bytes([1, 2, 3, 4])

    def test_closes_the_session_upon_invalid_packet_format(self, socket):
        socket.send("abc").closed()


class TestHeartbeatByLongPolling:
    def test_sends_ping_pong_packets(self, client):
        client.open()
        for _ in range(3):
            answer = client.poll()
            assert (answer.status_code, answer.text) == (200, "2")
            assert client.post("3").status_code == 200

    def test_closes_the_session_upon_ping_timeout(self, client):
        client.open()
        with client.web_socket() as later:
            later.closed()  # A session that began later has been given up, so this one has been, too.
        assert client.poll().status_code == 400

    def test_a_session_that_is_not_heard_of_is_forgotten(self, client):
        client.open()
        with client.web_socket(upgrade=True) as socket:
            # An upgrade that is not taken up goes down with its session.
            socket.closed()
        assert client.poll().status_code == 400


class TestHeartbeatByWebSocket:
    def test_sends_ping_pong_packets(self, client):
        with client.web_socket() as socket:
            socket.receive()
            for _ in range(3):
                assert socket.receive() == "2"
                socket.send("3")

    def test_closes_the_session_upon_ping_timeout(self, client):
        with client.web_socket() as socket:
            assert socket.closed()[1][1:] == ["2"]


class TestClose:
    def test_forcefully_closes_the_session_by_long_polling(self, client):
        client.open()
        poll = client.start_poll()
        assert client.post("1").status_code == 200
        answer = poll.response()
        assert (answer.status, answer.text) in ((200, "6"), (400, '{"code":1,"message":"Session ID unknown"}'))
        assert client.poll().status_code == 400

    def test_forcefully_closes_the_session_by_WebSocket(self, client):
        with client.web_socket() as socket:
            socket.receive()
            socket.send("1").closed()


class TestUpgrade:
    def test_successfully_upgrades_from_HTTP_long_polling_to_WebSocket(self, session):
        with session.web_socket(upgrade=True) as socket:
            socket.send("2probe")
            assert socket.receive() == "3probe"
            answer = session.poll()
            assert (answer.status_code, answer.text) == (200, "6")
            socket.send("5", event("hello"))
            assert socket.receive_other() == back("hello")

    def test_ignores_HTTP_requests_with_same_sid_after_upgrade(self, session):
        with session.web_socket(upgrade=True) as socket:
            socket.send("2probe")
            assert socket.receive() == "3probe"
            socket.send("5", event("taken"))
            assert socket.receive_other() == back("taken")
            assert session.poll().status_code == 400
            socket.send(event("hello"))
            assert socket.receive_other() == back("hello")

    def test_ignores_WebSocket_connection_with_same_sid_after_upgrade(self, session):
        with session.web_socket(upgrade=True) as socket:
            socket.send("2probe")
            assert socket.receive() == "3probe"
            socket.send("5", event("taken"))
            assert socket.receive_other() == back("taken")
            with session.web_socket(upgrade=True) as second:
                assert second.closed()[1] == []
            socket.send(event("hello"))
            assert socket.receive_other() == back("hello")
