"""Frames that break RFC 6455: the connection is failed with the right code, and nobody else notices."""

import struct
import zlib

import pytest

from roost import eventually
from frames import BINARY, CLOSE, PING, PONG, TEXT, RawWebSocket

CONTINUATION = 0


@pytest.fixture
def socket(bystanders):
    """Mallory's second connection, made by hand, in the room with the others."""
    offender = bystanders.offender
    socket = RawWebSocket(offender.server, offender.cookie)
    socket.frame(TEXT, '{"type":"join","room":"%s"}' % bystanders.room)
    assert socket.message()["type"] == "joined"
    yield socket
    socket.close()


def test_an_unmasked_frame_is_a_protocol_error(socket):
    socket.frame(TEXT, '{"type":"ping"}', masked=False)
    assert socket.closed() == 1002


@pytest.mark.parametrize("bits", [1, 2, 3, 4, 5, 6, 7])
@pytest.mark.parametrize("opcode", [TEXT, PING, CLOSE])
def test_reserved_bits_are_a_protocol_error(socket, opcode, bits):
    socket.frame(opcode, reserved=bits)
    assert socket.closed() == 1002


@pytest.mark.parametrize("opcode", [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
def test_reserved_opcodes_are_a_protocol_error(socket, opcode):
    socket.frame(opcode, b"hello")
    assert socket.closed() == 1002


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
def test_a_fragmented_control_frame_is_a_protocol_error(socket, opcode):
    socket.frame(opcode, struct.pack(">H", 1000), final=False)
    assert socket.closed() == 1002


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
def test_a_control_frame_over_125_bytes_is_a_protocol_error(socket, opcode):
    socket.frame(opcode, struct.pack(">H", 1000) + b"x" * 124)
    assert socket.closed() == 1002


def test_a_continuation_of_nothing_is_a_protocol_error(socket):
    socket.frame(CONTINUATION, "more")
    assert socket.closed() == 1002


def test_a_message_within_another_is_a_protocol_error(socket):
    socket.frame(TEXT, '{"type":', final=False).frame(TEXT, '"ping"}')
    assert socket.closed() == 1002


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535])
def test_a_close_code_that_may_not_be_sent_is_a_protocol_error(socket, code):
    socket.frame(CLOSE, struct.pack(">H", code))
    assert socket.closed() == 1002


def test_half_a_close_code_is_a_protocol_error(socket):
    socket.frame(CLOSE, b"\x03")
    assert socket.closed() == 1002


@pytest.mark.parametrize("length", [b"\x7e\x00\x05", b"\x7f\x00\x00\x00\x00\x00\x00\x00\x05", b"\x7f\x80" + b"\x00" * 7])
def test_a_length_not_in_its_shortest_form_is_a_protocol_error(socket, length):
    socket.send(b"\x81" + bytes([length[0] | 0x80]) + length[1:] + b"\0\0\0\0hello")
    assert socket.closed() == 1002


@pytest.mark.parametrize("payload", [
    b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b'{"type":"chat","text":"\x80"}'])
def test_invalid_utf_8_closes_with_1007(socket, payload):
    socket.frame(TEXT, payload)
    assert socket.closed() == 1007


def test_invalid_utf_8_in_a_fragment_closes_before_the_message_is_whole(socket):
    socket.frame(TEXT, "가".encode()[:2], final=False).frame(CONTINUATION, b"\xff", final=False)
    assert socket.closed() == 1007


def test_invalid_utf_8_in_a_close_reason_closes_with_1007(socket):
    socket.frame(CLOSE, struct.pack(">H", 1000) + b"\xff\xfe")
    assert socket.closed() == 1007


def test_binary_data_closes_with_1003(socket):
    socket.frame(BINARY, b'{"type":"ping"}')
    assert socket.closed() == 1003


def test_a_message_over_64_KiB_closes_with_1009(socket):
    socket.frame(TEXT, b"x" * 65_537)
    assert socket.closed() == 1009


def test_a_huge_frame_is_refused_by_its_header(socket):
    socket.frame(TEXT, b"", length=1 << 40)
    assert socket.closed() == 1009


def test_fragments_over_64_KiB_together_close_with_1009(socket):
    socket.frame(TEXT, b"x" * 40_000, final=False).frame(CONTINUATION, b"x" * 40_000)
    assert socket.closed() == 1009


def test_a_message_of_64_KiB_is_read(socket):
    padding = 65_536 - len('{"type":"ping","x":""}')
    socket.frame(TEXT, '{"type":"ping","x":"%s"}' % ("x" * padding))
    assert socket.message() == {"type": "pong"}


def test_fragments_with_pings_between_are_one_message(socket):
    socket.frame(TEXT, '{"ty', final=False).frame(PING, b"are you there").frame(CONTINUATION, 'pe":"ping"}')
    assert socket.next_frame() == (PONG, b"are you there")
    assert socket.message() == {"type": "pong"}


def test_a_close_is_answered_with_its_code(socket):
    socket.frame(CLOSE, struct.pack(">H", 3210) + b"bye")
    assert socket.closed() == 3210


@pytest.mark.parametrize("torn", [b"\x81", b"\x81\xfe\x01", b"\x81\xfe\x01\x00\x01\x02", b"\x81\x8f\0\0\0\0{\"type\":\"chat\"",
                                  b"\x01\x85\0\0\0\0hello"],
                         ids=["one byte", "half a length", "half a mask", "half a payload", "half a message"])
@pytest.mark.parametrize("how", ["closed", "reset"])
def test_a_torn_frame_ends_its_connection_alone(server, socket, torn, how):
    socket.send(torn)
    if how == "reset":
        socket.reset()
    else:
        socket.close()
    assert server.person().ask("ping")["type"] == "pong"


def test_torn_connections_are_gone_for_good(start):
    server = start()
    for _ in range(10):
        RawWebSocket(server).send(b"\x81\xfe").reset()
        RawWebSocket(server).send(b"\x81\xfe").close()
    eventually(lambda: server.connections() == 0, "the end of torn connections")


DEFLATE = "permessage-deflate; client_no_context_takeover; server_no_context_takeover"


def compressed(data):
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (squeeze.compress(data) + squeeze.flush(zlib.Z_SYNC_FLUSH))[:-4]


@pytest.fixture
def deflating(bystanders):
    offender = bystanders.offender
    socket = RawWebSocket(offender.server, offender.cookie, extensions=DEFLATE)
    if "permessage-deflate" not in socket.opening.headers.get("sec-websocket-extensions", ""):
        pytest.fail("permessage-deflate was offered and not taken")
    yield socket
    socket.close()


def test_a_compressed_message_is_read(deflating):
    deflating.frame(TEXT, compressed(b'{"type":"ping"}'), reserved=4)
    assert deflating.message() == {"type": "pong"}


def test_a_compressed_bomb_closes_with_1009(deflating):
    deflating.frame(TEXT, compressed(b'{"type":"ping","x":"' + b"0" * 30_000_000 + b'"}'), reserved=4)
    assert deflating.closed() == 1009


def test_compressed_garbage_fails_the_connection(deflating):
    deflating.frame(TEXT, b"\xff" * 50, reserved=4)
    assert deflating.closed() in (1002, 1007)


def test_compressed_invalid_utf_8_closes_with_1007(deflating):
    deflating.frame(TEXT, compressed(b'{"type":"\xff"}'), reserved=4)
    assert deflating.closed() == 1007


def test_a_client_that_does_not_read_is_let_go_and_nobody_waits_for_it(start):
    server = start("--unsent-limit", "64KiB", "--resume-grace", "60s")
    ann, bob = server.person("Ann"), server.person("Bob")
    room = ann.create_room()
    ann.join(room)
    bob.join(room)
    lazy = RawWebSocket(server, receive_buffer=4096)
    lazy.frame(TEXT, '{"type":"join","room":"%s"}' % room)
    bob.expect("join", count=3)
    for number in range(800):
        ann.send({"type": "chat", "ref": f"m{number}", "room": room, "text": "x" * 4000})
    assert all(ann.answer(f"m{number}")["type"] == "ok" for number in range(800))
    assert [event["seq"] for event in bob.events(room)] == list(range(1, 804))
    assert lazy.closed() == 4004, "which it finds behind what it has not read"
