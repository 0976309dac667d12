"""python-socketio's client, made to tell what comes in the order in which it came."""

import queue
import threading

import engineio
import requests
import socketio

#: Seconds that the goodbye of a client that polls may take.
PATIENCE = 20.0


class OrderedEngineIO(engineio.Client):
    """python-engineio hands every message to a thread of its own; here one thread has them all, in the order in which they came."""

    def __init__(self, **options):
        super().__init__(**options)
        self._messages = queue.SimpleQueue()
        self._handler = threading.Thread(target=self._handle, daemon=True)
        self._handler.start()

    def _trigger_event(self, event, *arguments, run_async=False, **options):
        if event == "message":
            return self._messages.put(arguments)
        if event == "disconnect" and threading.current_thread() is not self._handler:
            # What came before is heard before.
            done = threading.Event()
            self._messages.put(done)
            done.wait(PATIENCE)
        return super()._trigger_event(event, *arguments, run_async=run_async, **options)

    def disconnect(self, abort=False, reason=None):
        if self.state == "connected" and self.current_transport == "polling" and not abort:
            # It does not always send its close packet, and then waits for the server's next ping.
            try:
                self.http.post(self.base_url, data="1", timeout=PATIENCE)
            except requests.RequestException:
                pass  # The network is gone, and with it the connection.
        super().disconnect(abort, reason)

    def _handle(self):
        while True:
            message = self._messages.get()
            if isinstance(message, threading.Event):
                message.set()
            else:
                super()._trigger_event("message", *message)


class OrderedSocketIO(socketio.Client):
    def _engineio_client_class(self):
        return OrderedEngineIO
