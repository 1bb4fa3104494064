"""Four signals of a generated grid over the small city, served by the real application behind its doorkeeper."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path

import uvicorn
from small_town import SmallCity, small_city

from networks import read_signal_plans, sumo_home
from twin.api.behind import Behind, StateFeed
from twin.api.entrance import Entrance
from twin.api.listening import Listening
from twin.desk import Desk, People
from twin.signals import SignalGround
from viz import base_layers


def grid(folder: Path) -> Path:
    """A network of four crossings with lights."""
    net = folder / "grid.net.xml"
    command = [sumo_home() / "bin" / "netgenerate", "--grid", "--grid.number", "2", "--grid.length", "150"]
    command += ["--grid.attach-length", "150", "--default-junction-type", "traffic_light", "--no-turnarounds"]
    subprocess.run([*command, "--output-file", net], check=True, capture_output=True)
    return net


def four_signals(folder: Path, city: SmallCity) -> SignalGround:
    """The lights of `grid`, shown in the middle of the city."""
    net = grid(folder)
    west, south, east, north = city.layer("edges").to_crs(4326).total_bounds
    middle = {"A0": (0.4, 0.4), "A1": (0.4, 0.6), "B0": (0.6, 0.4), "B1": (0.6, 0.6)}
    at = {tls: (west + x * (east - west), south + y * (north - south)) for tls, (x, y) in middle.items()}
    return SignalGround(net, read_signal_plans(net, source="imported"), places=at)


class SignalServer:
    """The application over a desk that knows an engineer (`ann`) and a viewer (`vi`); `tokens` holds their tokens."""

    def __init__(self, folder: Path) -> None:
        city = small_city()
        self.ground = four_signals(folder, city)
        self.desk = Desk.open(folder / "desk.sqlite")
        self.people = People(self.desk.book)
        roles = {"root": "administrator", "ann": "engineer", "vi": "viewer"}
        self.tokens = {name: self.people.add(name, role) for name, role in roles.items()}
        entrance = Entrance(Listening(port=0), sign_in=True)
        self._listening = entrance.open()
        port = self._listening.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        state = {"now": "2026-07-17T18:00:00+03:00", "recommendations": []}
        behind = Behind(self.desk, StateFeed(lambda: state), lambda: base_layers(city), signals=lambda: self.ground)
        self._server = uvicorn.Server(entrance.config(entrance.app(behind, port)))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listening]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive()
            time.sleep(0.01)

    def stop(self) -> None:
        """End it; a second time it is ended already."""
        self._server.should_exit = True
        self._thread.join(10)
        self._listening.close()
        self.desk.close()
