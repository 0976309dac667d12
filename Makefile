# make run        builds the server, starts it, and reloads plugins when they are saved
# make test       the tests: Swift, the plugins' own, and end to end with real clients and a real browser
# make test-conformance  HTTP/1.1 and WebSocket case by case
# make test-ways-in  every way in with its own clients: Socket.IO, events, TLS, proxies, the textbook
# make test-client  the browser's library, in Node and in Chromium, over a faulty network
# make fuzz       a million inputs for every decoder
# make test-chaos a minute in which the server is killed, and everything else goes wrong too; make chaos MINUTES=10 for longer
# make pressure   crowds, floods and members that do not read, in release mode
# make bench      what it costs, measured in release mode
#
# Each installs what is missing: the Lua headers to build; Chromium and a Python environment to test.

CONFIG ?= debug
BIN = .build/$(CONFIG)/roost
VENV = .build/venv
PYTEST = ROOST_BIN=$(CURDIR)/.build/debug/roost $(VENV)/bin/python -m pytest -q

.PHONY: run build test test-swift test-plugins test-end-to-end test-conformance test-ways-in test-client fuzz test-chaos chaos pressure bench clean

run: build
	@$(BIN) serve --watch

build: .build/.packages
	swift build --configuration $(CONFIG) --product roost

test: test-swift test-plugins test-end-to-end

test-swift: .build/.packages
	swift build --build-tests
	swift test --skip-build

test-plugins: test-swift
	.build/debug/roost plugin test

test-end-to-end: test-swift $(VENV)/.done
	$(PYTEST) Tests/EndToEnd

test-conformance: test-swift $(VENV)/.done
	$(PYTEST) Tests/Conformance

test-ways-in: test-swift $(VENV)/.done
	$(PYTEST) Tests/WaysIn

test-client: test-swift $(VENV)/.done
	node --test Tests/Client
	$(PYTEST) Tests/Client

FUZZ ?= 1000000
fuzz: .build/.packages
	swift build --build-tests
	ROOST_FUZZ=$(FUZZ) swift test --skip-build --filter 'FuzzTests|/fuzz'

test-chaos: test-swift $(VENV)/.done
	$(PYTEST) Tests/Chaos

MINUTES ?= 10
chaos: build $(VENV)/.done
	ROOST_BIN=$(CURDIR)/$(BIN) $(VENV)/bin/python scripts/chaos --minutes $(MINUTES)

pressure: .build/.packages $(VENV)/.done
	swift build --configuration release --product roost
	ROOST_BIN=$(CURDIR)/.build/release/roost $(VENV)/bin/python -m pytest -q Tests/Pressure

bench: .build/.packages
	swift build --configuration release --product roost
	scripts/bench

.build/.packages: scripts/install
	scripts/install build
	@mkdir -p .build && touch $@

$(VENV)/.done: $(wildcard Tests/*/requirements.txt) scripts/install
	scripts/install test
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check $(foreach file,$(wildcard Tests/*/requirements.txt),--requirement $(file))
	@touch $@

clean:
	swift package clean
	rm -rf $(VENV)
