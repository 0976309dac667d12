"""The test suite of the Socket.IO protocol v5 (socketio/socket.io-protocol, `test-suite/test-suite.js`), in Python.

Tests have the suite's names. Its Engine.IO part is in test_engineio_suite.py. The server is `roost bench echo`.
"""

import json

import pytest

from ways import EngineIO


@pytest.fixture
def socket(echo):
    """A WebSocket after the handshake of Engine.IO."""
    with EngineIO(echo).web_socket() as socket:
        assert socket.receive().startswith("0")
        yield socket


@pytest.fixture
def connected(socket):
    """A WebSocket in the main namespace."""
    socket.send("40")
    assert socket.receive_other().startswith('40{"sid":') and socket.receive_other() == '42["auth",{}]'
    return socket


def closes(socket):
    socket.closed()


class TestConnect:
    @pytest.mark.parametrize("namespace, prefix", [("", "40"), ("/custom,", "40/custom,")], ids=["main", "custom"])
    @pytest.mark.parametrize("auth", ["", '{"token":"123"}'], ids=["without a payload", "with a payload"])
    def test_should_allow_connection_to_a_namespace(self, socket, namespace, prefix, auth):
        socket.send(f"40{namespace}{auth}")
        answer = socket.receive_other()
        assert answer.startswith(prefix)
        handshake = json.loads(answer[len(prefix):])
        assert handshake.keys() == {"sid"} and isinstance(handshake["sid"], str)
        assert socket.receive_other() == f'42{namespace}["auth",{auth or "{}"}]'

    def test_should_disallow_connection_to_an_unknown_namespace(self, socket):
        socket.send("40/random")
        assert socket.receive_other() == '44/random,{"message":"Invalid namespace"}'

    def test_should_disallow_connection_with_an_invalid_handshake(self, socket):
        closes(socket.send("4abc"))

    def test_should_close_the_connection_if_no_handshake_is_received(self, socket):
        closes(socket)


class TestDisconnect:
    def test_should_disconnect_from_the_main_namespace(self, connected):
        connected.send("41")
        assert connected.receive() == "2"

    def test_should_connect_then_disconnect_from_a_custom_namespace(self, connected):
        connected.send("40/custom")
        assert connected.receive_other().startswith("40/custom,")
        assert connected.receive_other() == '42/custom,["auth",{}]'
        connected.send("41/custom", '42["message","message to main namespace"]')
        assert connected.receive_other() == '42["message-back","message to main namespace"]'


PLACEHOLDERS = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}'


class TestMessage:
    def test_should_send_a_plain_text_packet(self, connected):
        connected.send('42["message",1,"2",{"3":[true]}]')
        assert connected.receive_other() == '42["message-back",1,"2",{"3":[true]}]'

    def test_should_send_a_packet_with_binary_attachments(self, connected):
        connected.send(f'452-["message",{PLACEHOLDERS}]', bytes([1, 2, 3]), bytes([4, 5, 6]))
        assert connected.receive_other() == f'452-["message-back",{PLACEHOLDERS}]'
        assert [connected.receive_other(), connected.receive_other()] == [bytes([1, 2, 3]), bytes([4, 5, 6])]

    def test_should_send_a_plain_text_packet_with_an_ack(self, connected):
        connected.send('42456["message-with-ack",1,"2",{"3":[false]}]')
        assert connected.receive_other() == '43456[1,"2",{"3":[false]}]'

    def test_should_send_a_packet_with_binary_attachments_and_an_ack(self, connected):
        connected.send(f'452-789["message-with-ack",{PLACEHOLDERS}]', bytes([1, 2, 3]), bytes([4, 5, 6]))
        assert connected.receive_other() == f"462-789[{PLACEHOLDERS}]"
        assert [connected.receive_other(), connected.receive_other()] == [bytes([1, 2, 3]), bytes([4, 5, 6])]

    @pytest.mark.parametrize("packet", ["4abc", "42{}", '42abc["message-with-ack",1,"2",{"3":[false]}]'],
                             ids=["unknown packet type", "invalid payload format", "invalid ack id"])
    def test_should_close_the_connection_upon_invalid_format(self, connected, packet):
        closes(connected.send(packet))
