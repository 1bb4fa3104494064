"""An identity provider on loopback: discovery, keys that can be changed, and tokens signed with them."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm


class Issuer:
    """A provider with one key; `rotate` gives it another."""

    def __init__(self) -> None:
        self.asked, self.down = 0, False
        self.number = 0
        self.rotate()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                found = {"issuer": outer.address, "jwks_uri": f"{outer.address}/keys"}
                said = json.dumps({"keys": outer.jwks} if self.path == "/keys" else found).encode()
                self.send_response(503 if outer.down else 200)
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def rotate(self, kind: str = "RS256") -> None:
        """Another key, and the old one is gone."""
        self.number += 1
        self.kid, self.alg = f"key-{self.number}", kind
        if kind == "ES256":
            self.key: Any = ec.generate_private_key(ec.SECP256R1())
            row = ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        else:
            self.key = rsa.generate_private_key(65537, 2048)
            row = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        self.jwks = [
            {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"},
            {**row, "kid": self.kid, "use": "sig", "alg": kind},
        ]

    def claims(self, **more: Any) -> dict[str, Any]:
        now = int(time.time())
        said = {
            "iss": self.address,
            "aud": "citytwin",
            "sub": "u-17",
            "iat": now,
            "exp": now + 300,
            "roles": ["operator"],
        }
        return {name: value for name, value in (said | more).items() if value is not None}

    def token(self, *, head: dict[str, Any] | None = None, **more: Any) -> str:
        """A good token, or one that differs from it."""
        return jwt.encode(self.claims(**more), self.key, self.alg, headers={"kid": self.kid, **(head or {})})

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
