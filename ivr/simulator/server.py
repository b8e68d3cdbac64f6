"""The telephone company as a server: REST API, handsets, pages, the look inside, on one port."""

from aiohttp import web

from ivr.simulator import admin, handset_socket, pages, rest
from ivr.simulator.carrier import Carrier
from ivr.simulator.faults import admin as faults_admin
from ivr.simulator.faults import toward_client
from ivr.simulator.messaging import admin as texts_admin
from ivr.simulator.origin import only_our_own_pages
from ivr.simulator.rest import limits

BODY_BYTES = 1024 * 1024
SHUTDOWN_TIME = 2.0


class Server:
    """A `Carrier` on a port of this machine."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier = carrier
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Open for business and return the address; port 0 takes any free one.

        Raises OSError when the port is taken.
        """
        app = web.Application(
            client_max_size=BODY_BYTES,
            middlewares=[
                only_our_own_pages,
                limits.middleware(self.carrier),
                toward_client.middleware(self.carrier),
            ],
        )
        handset_socket.set_up(app, self.carrier)
        app.add_routes(pages.routes())
        app.add_routes(admin.routes(self.carrier))
        app.add_routes(faults_admin.routes(self.carrier))
        app.add_routes(texts_admin.routes(self.carrier))
        app.add_routes(rest.routes(self.carrier))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_TIME)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        try:
            await site.start()
        except OSError:
            await self._runner.cleanup()
            raise
        bound = self._runner.addresses[0][1]
        self.url = f"http://{host}:{bound}"
        await self.carrier.open(self.url)
        return self.url

    async def stop(self) -> None:
        """End every call and close the port."""
        await self.carrier.close()
        if self._runner is not None:
            await self._runner.cleanup()
