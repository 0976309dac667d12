---@meta roost

-- The plugin API, for editors. Written by 'roost plugin types'; changes here are lost.

---What a handler answers, made by roost.drop, roost.modify …
---@class verdict

---A link in a text.
---@class link
---@field url string The address.
---@field host string The host in it.

---What is known of a GIF.
---@class gif
---@field bytes integer Its size.
---@field width integer In pixels.
---@field height integer In pixels.
---@field frames integer How many pictures it has.
---@field seconds number How long it takes.
---@field sha256 string Its SHA-256, in hexadecimal.
---@field flashes_per_second number General flashes in its worst second (WCAG 2.3.1 allows three).

---A message of a room's history.
---@class message
---@field seq integer Its number.
---@field at integer When, in milliseconds since 1970.
---@field user_id string? The author's id.
---@field name string? What the author was called.
---@field text string? What was written; of a GIF, its caption.
---@field gif string? Of a GIF, its SHA-256.
---@field bot boolean? True if a plugin wrote it.
---@field reply_to integer? The number of the message that it answers.
---@field edited_at integer? When its author changed it, in milliseconds since 1970.
---@field reactions table<string, integer> How many people have put which emoji under it.

---Something that is scheduled.
---@class schedule
---@field key string Its key.
---@field event string The handlers of `schedule:<event>` are called.
---@field at number When, in seconds since 1970.
---@field data any What they get.

---What a handler has cost.
---@class hook_stats
---@field calls integer How often it was called.
---@field errors integer How often it failed.
---@field milliseconds number What it took in all.

---What every event has.
---@class event
---@field id string Names this event.
---@field room room Where it happens; nil of what happens in no room.
---@field user user? Who it is about.
---@field at integer When, in milliseconds since 1970.
---@field origin string person, plugin:<id>, console or server.
---@field seq integer? Its number in the room, once it has happened.
---@field verdict string? What was decided; for observers.

local _event = {}
---Tells the author something; with public = true, the room. Needs `user.tell`.
---@param text string
---@param options? event_reply_options
function _event:reply(text, options) end

---Says something in the event's room. Needs `chat.send`.
---@param text string
function _event:say(text) end

---Puts an emoji under the event's message. Needs `chat.send`.
---@param emoji string
function _event:react(emoji) end

---The file of the event's GIF, or a part of it: so many bytes from the first on, which is 1. At most 524,288 at once; fewer at the end. Waits. Nil and why if it is gone. Needs `gif.bytes`.
---@param first? integer
---@param count? integer
---@return string?
---@return string?
function _event:bytes(first, count) end

---Leaves a note that 'why' shows.
---@param key string
---@param value any
function _event:note(key, value) end

---Before somebody is given a seat.
---@class join_event: event
---@field user user Who wants in.
---@field resumed boolean Whether they have been here before and go on from there, their seat having been given up.
---@field count integer How many people are in the room.
---@field max integer How many fit in.

---Somebody has gone: exactly once for every join.
---@class exit_event: event
---@field user user Who has gone.
---@field reason string left, timeout, kicked, banned, room_removed, shutdown or crash.
---@field by string? Who saw to it, if somebody did.
---@field seconds integer How long they were there.

---A text message.
---@class chat_event: event
---@field user user Who wrote it.
---@field text string What was written.
---@field mentions string[] The names in it with an @ before them.
---@field links link[] The links in it.
---@field reply_to integer? The number of the message that it answers.

---A GIF, inspected, before it is kept.
---@class gif_event: event
---@field user user Who shows it.
---@field gif gif What is known of the file.
---@field caption string? The words that go with it.

---A system message: of the server or of a plugin.
---@class system_event: event
---@field key string? The key of its translations.
---@field args table<string, string> The values for the places in its text.
---@field text string What it says, in the server's language.

---Somebody needs a colour.
---@class color_event: event
---@field user user Who needs it.
---@field seed string What it is made from: random, and telling nothing else.

---The owner has gone: who is next?
---@class owner_event: event
---@field candidates user[] The people in the room, those who came first in front.

---A slash command, before it is carried out.
---@class command_event: event
---@field user user Who gave it.
---@field name string Without the slash.
---@field args string The rest of the line.

---What waited for a moderator has been decided.
---@class held_event: event
---@field user user? Who it is from.
---@field text string What waited.
---@field decision string approved or refused.
---@field by string Who decided.
---@field why string Why, if it was said.

---Settings of this plugin have changed while it runs; `roost.config` has the new values.
---@class config_changed_event: event
---@field changed table<string, any> By name, what the settings that have changed were before.

---Something that this plugin has scheduled is due.
---@class schedule_event: event
---@field data any What `roost.schedule` was given.
---@field late integer How many whole seconds ago it was due: some if the server, or the plugin, was not there then.
---@field key string The key that it had; it is free again.

---Somebody arrives at the server: by their first connection, not by each tab.
---@class connect_event: event
---@field user user Who arrives.
---@field locale string The language of their browser.
---@field resumed boolean Whether a seat waits for them, which they lost the connection of.

---What one person says to another.
---@class whisper_event: event
---@field user user Who whispers.
---@field to user To whom.
---@field text string? What; nil for plugins without the permission `whisper.read`.

---Somebody wants another name.
---@class name_event: event
---@field user user Who.
---@field from string The name so far.
---@field to string The new one.

---A room is to have another topic.
---@class topic_event: event
---@field user user? Who wants it; nil if a plugin does.
---@field from string The topic so far.
---@field to string The new one.

---A room is to be made. There is none yet.
---@class room_create_event: event
---@field user user? Who wants it, and will own it; nil if a plugin does.
---@field title string What it is to be called.
---@field max integer How many fit in.
---@field has_password boolean Whether a password will be needed.

---A room is removed: everyone has left it, and its handle is good for a last time.
---@class room_remove_event: event
---@field reason string empty, owner, console, or what a plugin has said.

---Somebody is to be asked to leave: a person or a plugin wants it. The console does not ask.
---@class kick_event: event
---@field user user? Who wants it; nil if a plugin does.
---@field target user? About whom it is; nil if they are not here.
---@field by string The id of the person or the plugin that wants it.
---@field seconds number? A kick takes no time of its own.
---@field reason string Why; empty if nothing was said.

---Somebody is to be muted: a person or a plugin wants it. The console does not ask.
---@class mute_event: event
---@field user user? Who wants it; nil if a plugin does.
---@field target user? About whom it is; nil if they are not here.
---@field by string The id of the person or the plugin that wants it.
---@field seconds number? For how long; nil for good.
---@field reason string Why; empty if nothing was said.

---Somebody is to be banned: a person or a plugin wants it. The console does not ask.
---@class ban_event: event
---@field user user? Who wants it; nil if a plugin does.
---@field target user? About whom it is; nil if they are not here.
---@field by string The id of the person or the plugin that wants it.
---@field seconds number? For how long; nil for good.
---@field reason string Why; empty if nothing was said.

---Somebody changes what they wrote.
---@class edit_event: event
---@field user user? Who changes it; nil if a plugin does.
---@field message message The message as it is before the change.
---@field before string? What it says; of a GIF, its caption.
---@field after string What it is to say.
---@field text string The same as `after`: a handler of `chat` can be one of `edit` too.
---@field mentions string[] The names in it with an @ before them.
---@field links link[] The links in it.

---A message is deleted: by its author, a moderator or a plugin. An operator does not ask.
---@class delete_event: event
---@field user user? Who deletes it; nil if a plugin does.
---@field message message The message.
---@field before string? What it says; of a GIF, its caption.
---@field after nil Nothing is left of it.
---@field why string? Why, if it was said.

---Somebody puts an emoji under a message, or takes theirs away.
---@class react_event: event
---@field user user? Who reacts; nil if a plugin does.
---@field message message The message as it is before that.
---@field before string? The emoji that is taken away.
---@field after string? The emoji that is put there.

---Somebody wants a moderator to look at a message.
---@class report_event: event
---@field user user Who reports it.
---@field message message The message.
---@field by string What they are called.
---@field why string Why; empty if it was not said.

---Somebody is about to be sent messages from before they came: when they enter, and with each earlier page.
---@class history_event: event
---@field user user Who is sent them.
---@field messages message[] The messages, the oldest in front.

---A version has been run and is about to be used. An error keeps it from being used.
---@class load_event: event
---@field reason string load, reload or rollback.
---@field before integer? The generation that is in use.

---This version is in use.
---@class ready_event: event
---@field reason string load, reload or rollback.
---@field before integer? The generation that was in use.

---This version is not used any more.
---@class unload_event: event
---@field reason string unload, disable, reload or rollback.

---A new version takes over: what this one answers by roost.value, the new one gets by restore.
---@class save_event: event

---What the version before has saved. An error keeps this one from being used.
---@class restore_event: event
---@field data any What it answered: data, users and rooms.
---@field before integer Its generation.

---The server is about to end.
---@class shutdown_event: event
---@field reason string What people are told.

---The call of a slash command, which its function gets.
---@class command_call: event
---@field user user Who gave it.
---@field name string Without the slash.
---@field args table<string, any> What was given, by the names of `args`.

---A person. Nothing is known of them once they are gone: methods then return nil, "gone".
---@class user
---@field color string? Their colour in the room at hand.
---@field color_seed string What colours are made from: random, and telling nothing else.
---@field id string The public id.
---@field is_bot boolean Whether a program speaks.
---@field joined_at integer? When they entered the room at hand, in milliseconds since 1970.
---@field locale string The language of their browser.
---@field name string What they are called.
---@field role string member, moderator, owner or admin.
---@field seconds_here number? How long they have been in the room at hand.
local _user = {}
---Whether they have at least that role in the room at hand.
---@param role string
---@return boolean
function _user:has(role) end

---Tells them something that nobody else sees. Needs `user.tell`.
---@param text string
---@param options? user_tell_options
function _user:tell(text, options) end

---Mutes them in a room, for seconds or for good. Needs `user.mute`.
---@param options? user_mute_options
function _user:mute(options) end

---Lets them speak again. Needs `user.mute`.
---@param options? user_unmute_options
function _user:unmute(options) end

---Asks them to leave a room. Needs `user.kick`.
---@param options? user_kick_options
function _user:kick(options) end

---Keeps them out of a room, for seconds or for good. Needs `user.ban`.
---@param options? user_ban_options
function _user:ban(options) end

---Gives them another name, everywhere. Needs `user.name`.
---@param name string
function _user:rename(name) end

---The network address of their latest connection. Needs `ip.read`.
---@return string?
function _user:address() end

---This plugin's store for that person.
---@return store
function _user:data() end


---A room.
---@class room
---@field count integer How many people are in it.
---@field created_at integer When it was made, in milliseconds since 1970.
---@field has_password boolean Whether a password is needed.
---@field id string The id in its address.
---@field locked boolean Whether nobody more gets in.
---@field max integer How many people fit in.
---@field owner user? Who owns it, if they are on the server.
---@field slow integer Seconds between two messages of one person; 0 for none.
---@field tags string[] Words by which kinds of rooms are known.
---@field title string The title.
---@field topic string The topic.
local _room = {}
---Removes the room with everything in it; everyone has to leave. Needs `room.remove`.
---@param why? string
function _room:remove(why) end

---The people in the room, those who came first in front: `for user in room:users() do … end`.
---@return users
function _room:users() end

---The person with that id, if they are in the room.
---@param id string
---@return user?
function _room:user(id) end

---Says something in the room. Needs `chat.send`.
---@param text string
---@param options? room_say_options
function _room:say(text, options) end

---Changes a message that this plugin has said: by its number, or by the id that it was said with. What is no message of its own stays as it is. Needs `chat.send`.
---@param what integer|string
---@param text string
function _room:edit(what, text) end

---Deletes a message, whoever wrote it. What is deleted already, or no message, stays as it is. Needs `history.redact`.
---@param seq integer
---@param why? string
function _room:redact(seq, why) end

---Writes a system message: a key of the plugin's translations, or a text as it is. Needs `chat.send`.
---@param key string
---@param args? table
function _room:system(key, args) end

---The last messages, or those before a number. Waits. Needs `history.read`.
---@param options? room_history_options
---@return message[]
function _room:history(options) end

---Changes the room's title, max, topic, slow mode, lock or tags. Needs `room.set`.
---@param changes room_set_options
function _room:set(changes) end

---Makes somebody in the room its owner. Needs `room.transfer`.
---@param user user
function _room:transfer(user) end

---This plugin's store for that room.
---@return store
function _room:data() end


---A handler that has been registered.
---@class hook
local _hook = {}
---Stops calling the handler, from the next event on.
function _hook:off() end

---How often it was called, with how many errors, and its milliseconds.
---@return hook_stats
function _hook:stats() end


---A timer: call it with the function it is to call.
---@class timer
---@overload fun(action: fun()): timer
local _timer = {}
---Stops the timer.
function _timer:cancel() end


---What the plugin keeps over restarts.
---@class store
local _store = {}
---The value of a key, or nil.
---@param key string
---@return any
function _store:get(key) end

---Keeps a value; with ttl, for so many seconds.
---@param key string
---@param value any
---@param options? store_set_options
function _store:set(key, value, options) end

---Forgets a key. Whether there was one.
---@param key string
---@return boolean
function _store:delete(key) end

---Adds to a number, 1 if nothing is said, and returns it.
---@param key string
---@param by? number
---@param options? store_incr_options
---@return number
function _store:incr(key, by, options) end

---Gives the value of a key (or nil) to a function, and keeps what that returns: nil forgets the key. Nothing comes between.
---@param key string
---@param change fun(...): any
---@param options? store_update_options
---@return any
function _store:update(key, change, options) end

---For a loop: the keys that begin with the prefix, in order, and their values.
---@param prefix? string
---@return iterator
function _store:scan(prefix) end


---Finds any of many words.
---@class matcher
local _matcher = {}
---The first word that is in the text, and where.
---@param text string
---@return string?
---@return integer?
---@return integer?
function _matcher:find(text) end


---The plugin's settings, as its manifest describes them.
---@class config
---@field [string] any

---What a `for` loop goes through.
---@class iterator
---@overload fun(state?: any, control?: any): any

---People to go through, one after the other.
---@class users
---@overload fun(state?: any, last?: any): user?
local _users = {}
---Those who have not been gone through yet, as a list.
---@return user[]
function _users:list() end


---A regular expression.
---@class regex
local _regex = {}
---Where the first match is, and what its groups captured; like string.find. A group that took no part is false.
---@param text string
---@param init? integer
---@return integer?
---@return integer?
---@return string?
function _regex:find(text, init) end

---What the groups of the first match captured, or all of it if there are none; like string.match.
---@param text string
---@param init? integer
---@return string?
---@return string?
function _regex:match(text, init) end

---All matches, or so many: each with its text, place and groups.
---@param text string
---@param most? integer
---@return table[]
function _regex:all(text, most) end

---The text with every match replaced, and how many there were. In the replacement %1 is a group, %0 the match, %% a percent sign.
---@param text string
---@param replacement string
---@return string
---@return integer
function _regex:replace(text, replacement) end


---What another server has answered.
---@class response
---@field body string The body, unpacked.
---@field headers table<string, string> The header, by names in small letters.
---@field status integer The HTTP status, e.g. 200.
local _response = {}
---The value of a body that is JSON; nil and why if it is none.
---@return any
---@return string?
function _response:json() end


---What another plugin provides: its functions, called with a dot.
---@class service
---@field [string] any

---The call of a console command.
---@class console
---@field args table<string, any> What was given, by the names of `args`.
---@field by string Who typed it.
local _console = {}
---Prints a line; the format is that of roost.log.
---@param format string
---@param ... any
function _console:print(format, ...) end

---Prints a table: a list of tables with the same names, or of lists with the headings first.
---@param rows table
function _console:table(rows) end


---A function of another plugin.
---@class service_function
---@overload fun(...: any): any

---Options of event:reply.
---@class event_reply_options
---@field public? boolean Says it to the room.

---Options of room:history.
---@class room_history_options
---@field limit? integer How many, from 1 to 200; 50 if nothing is said.
---@field before? integer Those before this number.
---@field by? string Those of the person with this id.

---Options of room:say.
---@class room_say_options
---@field id? string What the plugin calls the message, for `room:edit`: the same id again in that room is the same message.

---Options of room:set.
---@class room_set_options
---@field title? string The title.
---@field max? integer How many people fit in.
---@field topic? string The topic.
---@field slow? integer Seconds between two messages of one person; 0 for none.
---@field locked? boolean Nobody more gets in.
---@field tags? string[] Words by which kinds of rooms are known: small letters, digits, `-` and `_`.

---Options of roost.accept.
---@class accept_options
---@field reason? string Why, for `why`.

---Options of roost.after.
---@class after_options
---@field phase? string When among the other handlers: transform, filter, decorate, gate, after or observe.
---@field priority? integer From -100 to 100 within the phase; higher ones are called first.
---@field room? string For rooms whose id or one of whose tags matches, `*` standing for any letters.
---@field id? string Names the handler; the same id again replaces it.
---@field fail? string What an error means: open (it passes) or closed (it does not).
---@field deadline? number Seconds it has, up to 10.
---@field plugins? boolean Sees what other plugins write.

---Options of roost.before.
---@class before_options
---@field phase? string When among the other handlers: transform, filter, decorate, gate, after or observe.
---@field priority? integer From -100 to 100 within the phase; higher ones are called first.
---@field room? string For rooms whose id or one of whose tags matches, `*` standing for any letters.
---@field id? string Names the handler; the same id again replaces it.
---@field fail? string What an error means: open (it passes) or closed (it does not).
---@field deadline? number Seconds it has, up to 10.
---@field plugins? boolean Sees what other plugins write.

---Options of roost.command.
---@class command_options
---@field args? string What it takes, e.g. `<who:user> [for:duration=10m] [why:text]`.
---@field role? string Who may use it: member, moderator, owner or admin.
---@field help? string What it does, for the list of commands.
---@field cooldown? number Seconds between two uses by one person.

---Options of roost.console.
---@class console_options
---@field args? string What it takes, as for `roost.command`.
---@field help? string What it does, for the console's help.

---Options of roost.defer.
---@class defer_options
---@field timeout? number Seconds it may take, up to 30; 3 if nothing is said. Then it has failed.

---Options of roost.deny.
---@class deny_options
---@field reason? string What the person is told.
---@field retry_after? number Seconds after which it is worth another try.

---Options of roost.drop.
---@class drop_options
---@field reason? string What the author is told.
---@field code? string For programs: what the refusal is called.
---@field retry_after? number Seconds after which it is worth another try.
---@field silent? boolean The author alone goes on seeing it.

---Options of roost.flag.
---@class flag_options
---@field label? string What it is flagged as.
---@field score? number How much is added; 1 if nothing is said.

---Options of roost.hold.
---@class hold_options
---@field reason? string What the moderators are told.
---@field ttl? number Seconds it waits at most; 600 if nothing is said.

---Options of roost.http.get.
---@class http_get_options
---@field headers? table Header fields by name.
---@field timeout? number Seconds it may take in all: up to 30; 10 if nothing is said.
---@field max_bytes? integer The largest body that is taken; 1 MiB if nothing is said, and at most.

---Options of roost.http.post.
---@class http_post_options
---@field headers? table Header fields by name.
---@field timeout? number Seconds it may take in all: up to 30; 10 if nothing is said.
---@field max_bytes? integer The largest body that is taken; 1 MiB if nothing is said, and at most.

---Options of roost.modify.
---@class modify_options
---@field text? string The new text of a chat, an edit, a whisper or a system message.
---@field caption? string The new caption of a GIF.
---@field to? string The new name or topic.
---@field title? string The title of the room that is to be made.
---@field max? integer How many are to fit into it.
---@field seconds? number How long a mute or a ban is to last.
---@field reason? string Why somebody is kicked, muted or banned.
---@field spoiler? boolean Of a chat or a GIF: hidden until somebody wants to see it.
---@field still? boolean Of a GIF: does not move until somebody wants it to.
---@field meta? table Of a chat or a GIF: what clients are told about it, up to 1 KiB; put together with what other plugins say.
---@field why? string Of a deletion: the reason.
---@field emoji? string Of a reaction: another emoji.
---@field messages? message[] Of the history: those of `e.messages` that are shown, perhaps with another `text`.

---Options of roost.observe.
---@class observe_options
---@field phase? string When among the other handlers: transform, filter, decorate, gate, after or observe.
---@field priority? integer From -100 to 100 within the phase; higher ones are called first.
---@field room? string For rooms whose id or one of whose tags matches, `*` standing for any letters.
---@field id? string Names the handler; the same id again replaces it.
---@field fail? string What an error means: open (it passes) or closed (it does not).
---@field deadline? number Seconds it has, up to 10.
---@field plugins? boolean Sees what other plugins write.

---Options of roost.on.
---@class on_options
---@field phase? string When among the other handlers: transform, filter, decorate, gate, after or observe.
---@field priority? integer From -100 to 100 within the phase; higher ones are called first.
---@field room? string For rooms whose id or one of whose tags matches, `*` standing for any letters.
---@field id? string Names the handler; the same id again replaces it.
---@field fail? string What an error means: open (it passes) or closed (it does not).
---@field deadline? number Seconds it has, up to 10.
---@field plugins? boolean Sees what other plugins write.

---Options of roost.redirect.
---@class redirect_options
---@field room? room|string Where to: a room or its id.

---Options of roost.room.create.
---@class room_create_options
---@field title? string The title, which is needed.
---@field max? integer How many people fit in; 10 if nothing is said.
---@field topic? string The topic.
---@field password? string What one has to know to come in.
---@field owner? user Who owns it; nobody if nothing is said.
---@field permanent? boolean It stays when nobody is in it.
---@field tags? string[] Words by which kinds of rooms are known.

---Options of roost.schedule.
---@class schedule_options
---@field key? string Names it: of each key there is one, and a new one replaces it.
---@field at? number When, in seconds since 1970.
---@field after? number When, in seconds from now.
---@field event? string The handlers of `schedule:<event>` are called.
---@field data? any What they get as `e.data`.

---Options of roost.text.matcher.
---@class text_matcher_options
---@field fold? string What counts as equal: none, case or confusables.
---@field whole_word? boolean Only words that stand by themselves.
---@field allow? string[] Words that are fine although one of the list is in them.
---@field separators? boolean Marks between letters do not help: `b.a.d` is `bad`.

---Options of roost.text.regex.
---@class text_regex_options
---@field ignore_case? boolean Capital and small letters are equal.

---Options of roost.timer.
---@class timer_options
---@field after? number Seconds until it calls, once.
---@field every? number Seconds between the end of a call and the next.
---@field cron? string Times of day: minute, hour, day, month and day of the week, as in `30 9 * * mon-fri`.
---@field tz? string The time zone of `cron`, e.g. `Asia/Seoul`; the server's if nothing is said.
---@field jitter? number Up to so many seconds later, at random.
---@field id? string Names the timer: in a new version of the plugin, the one with that name goes on where it was.

---Options of store:incr.
---@class store_incr_options
---@field ttl? number Seconds it is kept from now; as before if nothing is said.

---Options of store:set.
---@class store_set_options
---@field ttl? number Seconds it is kept; for good if nothing is said.

---Options of store:update.
---@class store_update_options
---@field ttl? number Seconds it is kept from now; as before if nothing is said.

---Options of user:ban.
---@class user_ban_options
---@field room? room|string Where; the event's room if nothing is said.
---@field seconds? number For how long; for good if nothing is said.
---@field reason? string Why, for the person and the audit log.
---@field by? user In a command, whoever gave it: it is then theirs, and done only if they may.

---Options of user:kick.
---@class user_kick_options
---@field room? room|string Where; the event's room if nothing is said.
---@field reason? string Why, for the person and the audit log.
---@field by? user In a command, whoever gave it: it is then theirs, and done only if they may.

---Options of user:mute.
---@class user_mute_options
---@field room? room|string Where; the event's room if nothing is said.
---@field seconds? number For how long; for good if nothing is said.
---@field reason? string Why, for the person and the audit log.
---@field by? user In a command, whoever gave it: it is then theirs, and done only if they may.

---Options of user:tell.
---@class user_tell_options
---@field room? room|string Where; the event's room if nothing is said.
---@field whisper? boolean As a whisper of the plugin's, which stays among the messages.

---Options of user:unmute.
---@class user_unmute_options
---@field room? room|string Where; the event's room if nothing is said.

---@class roost
---@field store store The plugin's own store.
---@field config config The plugin's settings.
---@field keep table Carried over a reload, as data.
roost = {}

---Calls the handler for an event.
---@param event string
---@param handler fun(...): any
---@param options? on_options
---@return hook
---@overload fun(event: "join", handler: (fun(e: join_event): verdict?), options?: on_options): hook
---@overload fun(event: "exit", handler: (fun(e: exit_event)), options?: on_options): hook
---@overload fun(event: "chat", handler: (fun(e: chat_event): verdict?), options?: on_options): hook
---@overload fun(event: "gif", handler: (fun(e: gif_event): verdict?), options?: on_options): hook
---@overload fun(event: "system", handler: (fun(e: system_event): verdict?), options?: on_options): hook
---@overload fun(event: "color", handler: (fun(e: color_event): verdict?), options?: on_options): hook
---@overload fun(event: "owner", handler: (fun(e: owner_event): verdict?), options?: on_options): hook
---@overload fun(event: "command", handler: (fun(e: command_event): verdict?), options?: on_options): hook
---@overload fun(event: "held", handler: (fun(e: held_event)), options?: on_options): hook
---@overload fun(event: "config_changed", handler: (fun(e: config_changed_event)), options?: on_options): hook
---@overload fun(event: "schedule:<name>", handler: (fun(e: schedule_event)), options?: on_options): hook
---@overload fun(event: "connect", handler: (fun(e: connect_event): verdict?), options?: on_options): hook
---@overload fun(event: "whisper", handler: (fun(e: whisper_event): verdict?), options?: on_options): hook
---@overload fun(event: "name", handler: (fun(e: name_event): verdict?), options?: on_options): hook
---@overload fun(event: "topic", handler: (fun(e: topic_event): verdict?), options?: on_options): hook
---@overload fun(event: "room_create", handler: (fun(e: room_create_event): verdict?), options?: on_options): hook
---@overload fun(event: "room_remove", handler: (fun(e: room_remove_event)), options?: on_options): hook
---@overload fun(event: "kick", handler: (fun(e: kick_event): verdict?), options?: on_options): hook
---@overload fun(event: "mute", handler: (fun(e: mute_event): verdict?), options?: on_options): hook
---@overload fun(event: "ban", handler: (fun(e: ban_event): verdict?), options?: on_options): hook
---@overload fun(event: "edit", handler: (fun(e: edit_event): verdict?), options?: on_options): hook
---@overload fun(event: "delete", handler: (fun(e: delete_event): verdict?), options?: on_options): hook
---@overload fun(event: "react", handler: (fun(e: react_event): verdict?), options?: on_options): hook
---@overload fun(event: "report", handler: (fun(e: report_event)), options?: on_options): hook
---@overload fun(event: "history", handler: (fun(e: history_event): verdict?), options?: on_options): hook
---@overload fun(event: "load", handler: (fun(e: load_event)), options?: on_options): hook
---@overload fun(event: "ready", handler: (fun(e: ready_event)), options?: on_options): hook
---@overload fun(event: "unload", handler: (fun(e: unload_event)), options?: on_options): hook
---@overload fun(event: "save", handler: (fun(e: save_event): verdict?), options?: on_options): hook
---@overload fun(event: "restore", handler: (fun(e: restore_event)), options?: on_options): hook
---@overload fun(event: "shutdown", handler: (fun(e: shutdown_event)), options?: on_options): hook
function roost.on(event, handler, options) end

---Like on, for an event that handlers decide about.
---@param event string
---@param handler fun(...): any
---@param options? before_options
---@return hook
---@overload fun(event: "join", handler: (fun(e: join_event): verdict?), options?: before_options): hook
---@overload fun(event: "chat", handler: (fun(e: chat_event): verdict?), options?: before_options): hook
---@overload fun(event: "gif", handler: (fun(e: gif_event): verdict?), options?: before_options): hook
---@overload fun(event: "system", handler: (fun(e: system_event): verdict?), options?: before_options): hook
---@overload fun(event: "color", handler: (fun(e: color_event): verdict?), options?: before_options): hook
---@overload fun(event: "owner", handler: (fun(e: owner_event): verdict?), options?: before_options): hook
---@overload fun(event: "command", handler: (fun(e: command_event): verdict?), options?: before_options): hook
---@overload fun(event: "connect", handler: (fun(e: connect_event): verdict?), options?: before_options): hook
---@overload fun(event: "whisper", handler: (fun(e: whisper_event): verdict?), options?: before_options): hook
---@overload fun(event: "name", handler: (fun(e: name_event): verdict?), options?: before_options): hook
---@overload fun(event: "topic", handler: (fun(e: topic_event): verdict?), options?: before_options): hook
---@overload fun(event: "room_create", handler: (fun(e: room_create_event): verdict?), options?: before_options): hook
---@overload fun(event: "kick", handler: (fun(e: kick_event): verdict?), options?: before_options): hook
---@overload fun(event: "mute", handler: (fun(e: mute_event): verdict?), options?: before_options): hook
---@overload fun(event: "ban", handler: (fun(e: ban_event): verdict?), options?: before_options): hook
---@overload fun(event: "edit", handler: (fun(e: edit_event): verdict?), options?: before_options): hook
---@overload fun(event: "delete", handler: (fun(e: delete_event): verdict?), options?: before_options): hook
---@overload fun(event: "react", handler: (fun(e: react_event): verdict?), options?: before_options): hook
---@overload fun(event: "history", handler: (fun(e: history_event): verdict?), options?: before_options): hook
---@overload fun(event: "save", handler: (fun(e: save_event): verdict?), options?: before_options): hook
function roost.before(event, handler, options) end

---Calls the handler when it has happened; it may take its time.
---@param event string
---@param handler fun(...): any
---@param options? after_options
---@return hook
---@overload fun(event: "join", handler: (fun(e: join_event)), options?: after_options): hook
---@overload fun(event: "exit", handler: (fun(e: exit_event)), options?: after_options): hook
---@overload fun(event: "chat", handler: (fun(e: chat_event)), options?: after_options): hook
---@overload fun(event: "gif", handler: (fun(e: gif_event)), options?: after_options): hook
---@overload fun(event: "system", handler: (fun(e: system_event)), options?: after_options): hook
---@overload fun(event: "color", handler: (fun(e: color_event)), options?: after_options): hook
---@overload fun(event: "owner", handler: (fun(e: owner_event)), options?: after_options): hook
---@overload fun(event: "command", handler: (fun(e: command_event)), options?: after_options): hook
---@overload fun(event: "held", handler: (fun(e: held_event)), options?: after_options): hook
---@overload fun(event: "config_changed", handler: (fun(e: config_changed_event)), options?: after_options): hook
---@overload fun(event: "schedule:<name>", handler: (fun(e: schedule_event)), options?: after_options): hook
---@overload fun(event: "connect", handler: (fun(e: connect_event)), options?: after_options): hook
---@overload fun(event: "whisper", handler: (fun(e: whisper_event)), options?: after_options): hook
---@overload fun(event: "name", handler: (fun(e: name_event)), options?: after_options): hook
---@overload fun(event: "topic", handler: (fun(e: topic_event)), options?: after_options): hook
---@overload fun(event: "room_create", handler: (fun(e: room_create_event)), options?: after_options): hook
---@overload fun(event: "room_remove", handler: (fun(e: room_remove_event)), options?: after_options): hook
---@overload fun(event: "kick", handler: (fun(e: kick_event)), options?: after_options): hook
---@overload fun(event: "mute", handler: (fun(e: mute_event)), options?: after_options): hook
---@overload fun(event: "ban", handler: (fun(e: ban_event)), options?: after_options): hook
---@overload fun(event: "edit", handler: (fun(e: edit_event)), options?: after_options): hook
---@overload fun(event: "delete", handler: (fun(e: delete_event)), options?: after_options): hook
---@overload fun(event: "react", handler: (fun(e: react_event)), options?: after_options): hook
---@overload fun(event: "report", handler: (fun(e: report_event)), options?: after_options): hook
---@overload fun(event: "history", handler: (fun(e: history_event)), options?: after_options): hook
---@overload fun(event: "load", handler: (fun(e: load_event)), options?: after_options): hook
---@overload fun(event: "ready", handler: (fun(e: ready_event)), options?: after_options): hook
---@overload fun(event: "unload", handler: (fun(e: unload_event)), options?: after_options): hook
---@overload fun(event: "restore", handler: (fun(e: restore_event)), options?: after_options): hook
---@overload fun(event: "shutdown", handler: (fun(e: shutdown_event)), options?: after_options): hook
function roost.after(event, handler, options) end

---Shows every event and its verdict, dropped ones too; the handler may log, count and store.
---@param event string
---@param handler fun(...): any
---@param options? observe_options
---@return hook
---@overload fun(event: "join", handler: (fun(e: join_event)), options?: observe_options): hook
---@overload fun(event: "exit", handler: (fun(e: exit_event)), options?: observe_options): hook
---@overload fun(event: "chat", handler: (fun(e: chat_event)), options?: observe_options): hook
---@overload fun(event: "gif", handler: (fun(e: gif_event)), options?: observe_options): hook
---@overload fun(event: "system", handler: (fun(e: system_event)), options?: observe_options): hook
---@overload fun(event: "color", handler: (fun(e: color_event)), options?: observe_options): hook
---@overload fun(event: "owner", handler: (fun(e: owner_event)), options?: observe_options): hook
---@overload fun(event: "command", handler: (fun(e: command_event)), options?: observe_options): hook
---@overload fun(event: "held", handler: (fun(e: held_event)), options?: observe_options): hook
---@overload fun(event: "connect", handler: (fun(e: connect_event)), options?: observe_options): hook
---@overload fun(event: "whisper", handler: (fun(e: whisper_event)), options?: observe_options): hook
---@overload fun(event: "name", handler: (fun(e: name_event)), options?: observe_options): hook
---@overload fun(event: "topic", handler: (fun(e: topic_event)), options?: observe_options): hook
---@overload fun(event: "room_create", handler: (fun(e: room_create_event)), options?: observe_options): hook
---@overload fun(event: "room_remove", handler: (fun(e: room_remove_event)), options?: observe_options): hook
---@overload fun(event: "kick", handler: (fun(e: kick_event)), options?: observe_options): hook
---@overload fun(event: "mute", handler: (fun(e: mute_event)), options?: observe_options): hook
---@overload fun(event: "ban", handler: (fun(e: ban_event)), options?: observe_options): hook
---@overload fun(event: "edit", handler: (fun(e: edit_event)), options?: observe_options): hook
---@overload fun(event: "delete", handler: (fun(e: delete_event)), options?: observe_options): hook
---@overload fun(event: "react", handler: (fun(e: react_event)), options?: observe_options): hook
---@overload fun(event: "report", handler: (fun(e: report_event)), options?: observe_options): hook
---@overload fun(event: "history", handler: (fun(e: history_event)), options?: observe_options): hook
function roost.observe(event, handler, options) end

---The chain goes on with the changed message.
---@param changes modify_options
---@return verdict
function roost.modify(changes) end

---The message is not sent; its author is told why.
---@param why string|drop_options
---@return verdict
function roost.drop(why) end

---The message waits for a moderator.
---@param options? hold_options
---@return verdict
function roost.hold(options) end

---Adds to the message's score; the threshold is the admin's.
---@param options flag_options
---@return verdict
function roost.flag(options) end

---Skips the remaining filters.
---@param options? accept_options
---@return verdict
function roost.accept(options) end

---It does not happen; the person is told why.
---@param why string|deny_options
---@return verdict
function roost.deny(why) end

---Sends the person to another room.
---@param where redirect_options
---@return verdict
function roost.redirect(where) end

---Answers a question: a colour, an owner.
---@param value any
---@return verdict
function roost.value(value) end

---The room goes on without the message until the function has returned a verdict; it gets the event, and may wait.
---@param decide fun(...): any
---@param options? defer_options
---@return verdict
function roost.defer(decide, options) end

---Lets through what waits for a moderator.
---@param id string
function roost.approve(id) end

---Drops what waits; whoever it is from is told.
---@param id string
---@param why? string
function roost.refuse(id, why) end

---@class roost.room
---@overload fun(id: string): room? # The room with that id.
roost.room = {}

---Makes a room. Waits; nil and the reason if it cannot be.
---@param options room_create_options
---@return room?
---@return string?
function roost.room.create(options) end

---A timer that calls a function after so many seconds, every so many, or at times of day.
---@param options timer_options
---@return timer
function roost.timer(options) end

---Waits.
---@param seconds number
function roost.sleep(seconds) end

---Seconds since 1970.
---@return number
function roost.now() end

---A random number, as math.random has it.
---@param low? integer
---@param high? integer
---@return number
function roost.random(low, high) end

---A random UUID.
---@return string
function roost.uuid() end

---Has the handlers of `schedule:<event>` called once, at a time, even if the server is started again meanwhile.
---@param options schedule_options
function roost.schedule(options) end

---Cancels a schedule. Whether there was one.
---@param key string
---@return boolean
function roost.unschedule(key) end

---What is scheduled, of the keys that begin with the prefix: what is due first in front.
---@param prefix? string
---@return schedule[]
function roost.scheduled(prefix) end

---Whether it may happen now: at most n times in so many seconds; else how long to wait.
---@param key string
---@param n number
---@param seconds number
---@return boolean
---@return number
function roost.limit(key, n, seconds) end

---@class roost.text
roost.text = {}

---The text with look-alikes made equal.
---@param text string
---@return string
function roost.text.fold(text) end

---The links in a text.
---@param text string
---@return link[]
function roost.text.links(text) end

---The names mentioned in a text with @.
---@param text string
---@return string[]
function roost.text.mentions(text) end

---Columns it takes in a terminal.
---@param text string
---@return integer
function roost.text.width(text) end

---Characters, as people count them.
---@param text string
---@return integer
function roost.text.graphemes(text) end

---At most n characters of it, with … where it was cut.
---@param text string
---@param n integer
---@return string
function roost.text.truncate(text, n) end

---Finds any of many words in a text, in linear time.
---@param words text_matcher_options
---@param options? text_matcher_options
---@return matcher
function roost.text.matcher(words, options) end

---A regular expression that is matched in time linear in the text. Build it once, and keep it in a local.
---@param pattern string
---@param options? text_regex_options
---@return regex
function roost.text.regex(pattern, options) end

---@class roost.color
roost.color = {}

---The colour, made lighter or darker until its contrast with the background is at least the ratio (4.5), and the contrast.
---@param color string
---@param background string
---@param ratio? number
---@return string
---@return number
function roost.color.contrast(color, background, ratio) end

---Hue (0 to 360), saturation and lightness (0 to 1).
---@param color string
---@return number
---@return number
---@return number
function roost.color.hsl(color) end

---A colour between two: a at 0, b at 1, by default the middle.
---@param a string
---@param b string
---@param share? number
---@return string
function roost.color.mix(a, b, share) end

---@class roost.json
roost.json = {}

---A value as JSON text.
---@param value any
---@return string
function roost.json.encode(value) end

---The value of a JSON text; nil and why if it is none.
---@param text string
---@return any
---@return string?
function roost.json.decode(text) end

---@class roost.crypto
roost.crypto = {}

---The SHA-256 of a string, in hexadecimal.
---@param text string
---@return string
function roost.crypto.sha256_hex(text) end

---The HMAC-SHA-256 of a string, in hexadecimal.
---@param key string
---@param text string
---@return string
function roost.crypto.hmac_sha256(key, text) end

---@class roost.log
roost.log = {}

---Writes a line to the log; the format is string.format's, with %s for any value.
---@param format string
---@param ... any
function roost.log.debug(format, ...) end

---Writes a line to the log; the format is string.format's, with %s for any value.
---@param format string
---@param ... any
function roost.log.info(format, ...) end

---Writes a line to the log; the format is string.format's, with %s for any value.
---@param format string
---@param ... any
function roost.log.warn(format, ...) end

---Writes a line to the log; the format is string.format's, with %s for any value.
---@param format string
---@param ... any
function roost.log.error(format, ...) end

---A slash command; the function gets the call, with its arguments in c.args.
---@param name string
---@param options command_options
---@param action fun(...): any
---@overload fun(name: string, options: command_options, action: fun(c: command_call))
function roost.command(name, options, action) end

---A console command, typed after the plugin's id; the function gets the call, with its arguments in c.args.
---@param name string
---@param options console_options
---@param action fun(...): any
function roost.console(name, options, action) end

---A text of the plugin's translations, in a language or in the server's.
---@param key string
---@param args? table
---@param locale? string
---@return string
function roost.t(key, args, locale) end

---@class roost.http
roost.http = {}

---Asks another server, one that the manifest names. Waits. Nil and why if there is no answer.
---@param url string
---@param options? http_get_options
---@return response?
---@return string?
function roost.http.get(url, options) end

---Sends a body to another server: a string as it is, a table as JSON. Waits. Nil and why if there is no answer.
---@param url string
---@param body any
---@param options? http_post_options
---@return response?
---@return string?
function roost.http.post(url, body, options) end

---Tells other plugins that something has happened: an event named after this plugin, as in `guard:strike`. They hear of it when what is under way is done.
---@param event string
---@param data any
function roost.emit(event, data) end

---Offers functions to other plugins, under a name and a version that grows when they change.
---@param name string
---@param version integer
---@param functions table
function roost.provide(name, version, functions) end

---What another plugin provides under that name in that version: call its functions with a dot. Nil and why if nobody does.
---@param name string
---@param version integer
---@return service?
---@return string?
function roost.use(name, version) end

---@class roost.metric
roost.metric = {}

---Counts something: /metrics and the console's metrics show it.
---@param name string
---@param by? number
---@param labels? table
function roost.metric.count(name, by, labels) end

---Sets a value that goes up and down.
---@param name string
---@param value number
---@param labels? table
function roost.metric.gauge(name, value, labels) end

---Adds a time to those measured.
---@param name string
---@param seconds number
---@param labels? table
function roost.metric.time(name, seconds, labels) end

---Raises an alarm: in the console, the audit log and moderators' browsers. `text` of the data is what people read, `room` where. False if there were too many.
---@param kind string
---@param data? table
---@return boolean
function roost.alert(kind, data) end

---In a test.lua.
---@class t
local _t = {}

---A room: `title`, `max`, `password`, `tags`, `owner` (a visitor).
---@param options? table
---@return test_room
function _t:room(options) end

---Somebody arrives; `admin`, `locale` and `seed` (of their colour) can be given.
---@param name? string
---@param options? table
---@return visitor
function _t:user(name, options) end

---Lets time go by: everything that is due happens.
---@param seconds number
function _t:advance(seconds) end

---The plugin is loaded anew.
function _t:reload() end

---The server is killed, and started again after so long. Everyone is connected then, and in no room.
---@param seconds? number
function _t:restart(seconds) end

---An operator changes a setting of the plugin.
---@param name string
---@param value any
function _t:configure(name, value) end

---What is expected of a visitor.
---@param who visitor
---@return expectation
function _t:expect(who) end

---How a message was decided: a line per handler.
---@param id string
---@return string?
function _t:why(id) end

---The SHA-256 of a text, in hexadecimal.
---@param text string
---@return string
function _t:sha256(text) end

---Answers requests to that address from now on: `status`, `headers`, `body` or `json`; or `error`; `after` so many seconds.
---@param url string
---@param answer? table
function _t:http(url, answer) end

---The requests that were sent: `method`, `url`, `headers`, `body`.
---@return table[]
function _t:requests() end

---What a console command of the plugin says: `t:console("guard shield on")`.
---@param line string
---@return string
function _t:console(line) end

---What the plugin has measured: the count, the gauge, or the sum of times.
---@param name string
---@param labels? table
---@return number?
function _t:metric(name, labels) end

---What was logged.
---@return string
function _t:log() end

---In a test.lua.
---@class visitor
---@field id string
---@field name string
---@field color string?
---@field role string
local _visitor = {}

---Enters a room.
---@param room test_room
---@param password? string
---@return visitor
function _visitor:join(room, password) end

---Leaves the room entered last.
---@return visitor
function _visitor:exit() end

---Says something there, or gives a slash command.
---@param text string
---@return visitor
function _visitor:say(text) end

---Whispers to somebody there.
---@param who visitor
---@param text string
---@return visitor
function _visitor:whisper(who, text) end

---Kicks, mutes, bans, unmutes or unbans somebody there; `seconds` and `reason` can be given.
---@param what string
---@param who visitor
---@param options? table
---@return visitor
function _visitor:moderate(what, who, options) end

---Makes somebody there a moderator, the owner or a member.
---@param role string
---@param who visitor
---@return visitor
function _visitor:give(role, who) end

---Changes the room: `title`, `topic`, `max`, `slow`, `locked`, `tags`.
---@param changes table
---@return visitor
function _visitor:set(changes) end

---Shows a GIF: `width`, `height`, `frames`, `seconds`, `flashes`, `bytes`, `caption`; or what is in the file as `content`.
---@param options? table
---@return visitor
function _visitor:gif(options) end

---Changes a message: its number, or what `last_sent` says.
---@param message integer|string
---@param text string
---@return visitor
function _visitor:edit(message, text) end

---Deletes a message.
---@param message integer|string
---@param why? string
---@return visitor
function _visitor:delete(message, why) end

---Puts an emoji under a message; with false, takes it away.
---@param message integer|string
---@param emoji string
---@param on? boolean
---@return visitor
function _visitor:react(message, emoji, on) end

---Reports a message.
---@param message integer|string
---@param why? string
---@return visitor
function _visitor:report(message, why) end

---Takes another name.
---@param name string
---@return visitor
function _visitor:rename(name) end

---Loses the connection.
---@return visitor
function _visitor:disconnect() end

---What `t:why` knows their last message by.
---@return string?
function _visitor:last_sent() end

---In a test.lua.
---@class test_room
---@field id string
---@field title string
---@field topic string
---@field count integer
---@field owner string?
local _test_room = {}

---In a test.lua.
---@class expectation
local _expectation = {}

---Has received n of a kind (chat, gif, system, notice, join, exit, name, owner, topic, role, whisper, edit, delete, react, unreact), counting those with that text in them.
---@param n integer
---@param kind string
---@param text? string
function _expectation:received(n, kind, text) end

---Found n of a kind there on entering the room, deleted ones as `deleted`.
---@param n integer
---@param kind string
---@param text? string
function _expectation:found(n, kind, text) end

---What they did last was refused, with that text in the reason.
---@param text? string
function _expectation:refused(text) end

---What they did last was not refused.
function _expectation:accepted() end

---Is in the room entered last; or not, with false.
---@param expected? boolean
function _expectation:present(expected) end

---A test: a name, perhaps `{ config = { … } }`, and what is done.
---@param name string
---@param options table|function
---@param body? fun(...): any
---@overload fun(name: string, body: fun(t: t))
---@overload fun(name: string, options: table, body: fun(t: t))
function test(name, options, body) end

