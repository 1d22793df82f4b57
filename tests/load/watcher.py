"""A screen that watches a workshop: Streamlit's own protocol over a real websocket.

As the browser does: run the page, then run again each fragment that asks to be, at its pace. A
browser would also draw, on the same two cores as the server; this measures the server.
"""

import asyncio
import contextlib
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException


@dataclass(slots=True)
class Watcher:
    """One session on a page of the application.

    Attributes:
        runs: seconds each run took, from asking to « finished ».
        looks: seconds each look of the map took, unchanged ones (304) included.
        joined: how many times it had to connect.
        heard: messages received.
    """

    url: str
    page: str
    query: str
    map_path: str = ""
    runs: list[float] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    joined: int = 0
    heard: int = 0
    _page_hash: str = ""
    _asked: float = 0.0
    _timers: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def watch(self) -> None:
        """Watch until cancelled, connecting again when the server goes away."""
        await asyncio.gather(self._page(), self._map())

    async def _map(self) -> None:
        """Ask for the map's content every second, as ``landing.js`` does."""
        etag = ""
        while self.map_path:
            began = time.perf_counter()
            with contextlib.suppress(OSError):
                etag = await asyncio.to_thread(_look, self.url + self.map_path, etag)
                self.looks.append(time.perf_counter() - began)
            await asyncio.sleep(1.0)

    async def _page(self) -> None:
        while True:
            with contextlib.suppress(OSError, WebSocketException, TimeoutError):
                await self._session()
            for timer in self._timers.values():
                timer.cancel()
            self._timers.clear()
            await asyncio.sleep(0.5)

    async def _session(self) -> None:
        host = urlsplit(self.url).netloc
        async with connect(
            f"ws://{host}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=self.url,  # type: ignore[arg-type]
            max_size=None,
        ) as socket:
            self.joined += 1
            self._page_hash, self._asked = "", 0.0
            await self._run(socket)
            async for data in socket:
                message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
                self._hear(socket, message)

    def _hear(self, socket: ClientConnection, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        self.heard += 1
        if kind == "new_session":
            self._page_hash = message.new_session.page_script_hash
            if not message.metadata.run.fragment_ids:  # the whole page runs: timers start anew
                for timer in self._timers.values():
                    timer.cancel()
                self._timers.clear()
        elif kind == "auto_rerun":
            again = message.auto_rerun
            if again.fragment_id not in self._timers:
                self._timers[again.fragment_id] = asyncio.ensure_future(
                    self._repeat(socket, again.fragment_id, again.interval)
                )
        elif kind == "script_finished" and self._asked:
            self.runs.append(time.perf_counter() - self._asked)
            self._asked = 0.0

    async def _repeat(self, socket: ClientConnection, fragment: str, pause: float) -> None:
        with contextlib.suppress(WebSocketException):
            while True:
                await asyncio.sleep(pause)
                await self._run(socket, fragment)

    async def _run(self, socket: ClientConnection, fragment: str = "") -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        state.page_script_hash = self._page_hash
        state.page_name = "" if self._page_hash else self.page
        if fragment:
            state.fragment_id = fragment
            state.is_auto_rerun = True
        state.widget_states.SetInParent()
        self._asked = self._asked or time.perf_counter()
        await socket.send(message.SerializeToString())


def _look(address: str, etag: str) -> str:
    request = urllib.request.Request(address, headers={"If-None-Match": etag})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own server
            answer.read()
            return str(answer.headers["ETag"])
    except urllib.error.HTTPError as unchanged:
        if unchanged.code != HTTPStatus.NOT_MODIFIED:
            raise
        return etag
