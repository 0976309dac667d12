"""The lobby: the rooms there are, as they come, change and go."""

def test_the_lobby_hears_of_rooms_that_come_change_and_go(server):
    watcher, ann = server.person(), server.person("Ann")
    before = watcher.ask("lobby")
    assert before["type"] == "rooms"
    room = ann.create_room("Garden")
    assert room not in [known["id"] for known in before["rooms"]]
    added = watcher.expect("room_added")["room"]
    assert (added["id"], added["title"], added["count"]) == (room, "Garden", 0)
    ann.join(room)
    changed = watcher.expect("room_changed")["room"]
    assert (changed["id"], changed["count"]) == (room, 1)
    assert ann.http("DELETE", f"/room/{room}").status == 204
    assert watcher.expect("room_removed")["room"] == room


def test_the_lobby_hears_the_owners_new_name(server):
    watcher, ann = server.person(), server.person("Ann")
    watcher.ask("lobby")
    room = ann.create_room()
    ann.join(room)
    assert watcher.expect("room_changed")["room"]["owner"]["name"] == "Ann"
    ann.ask("name", name="Annabel")
    assert watcher.expect("room_changed")["room"]["owner"]["name"] == "Annabel"


def test_who_stops_watching_the_lobby_hears_no_more_of_it(server):
    watcher, other = server.person(), server.person()
    watcher.ask("lobby", watch=True)
    assert watcher.ask("lobby", watch=False)["type"] == "ok"
    other.ask("lobby")
    other.create_room()
    other.expect("room_added")
    assert watcher.everything("room_added") == []


def test_a_password_is_in_no_message_and_no_answer_and_no_log(server):
    secret = "correct-horse-battery"
    watcher, ann, bob = server.person(), server.person("Ann"), server.person("Bob")
    watcher.ask("lobby")
    made = ann.http("POST", "/room", fields={"title": "Secret", "password": secret})
    room = made.json["id"]
    ann.join(room)
    assert bob.ask("join", room=room, password=secret + "!")["code"] == "wrong_password"
    bob.join(room, password=secret)
    watcher.expect("room_changed")
    listed = [known for known in server.get("/rooms").json["rooms"] if known["id"] == room]
    assert listed[0]["has_password"] is True
    shown = [made.text, str(made.headers), server.get(f"/room/{room}").text, server.get("/rooms").text, server.log.text]
    shown += [str(person.everything()) for person in (watcher, ann, bob)]
    shown += [server.type(command) for command in (f"room {room}", "rooms", "users", "log --all")]
    assert not any(secret in text for text in shown)
