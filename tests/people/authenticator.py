"""A passkey in software: what a phone or a security key does, on the `cryptography` library (WebAuthn level 2)."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 1, 4, 64
ES256 = -7


@dataclass
class Authenticator:
    """A device with one key. ``counter`` None is a device that does not count, as synchronised passkeys do."""

    origin: str
    counter: int | None = 0
    verifies: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def create(self, options: Any) -> dict[str, Any]:
        """What ``navigator.credentials.create`` gives for these options."""
        assert {"type": "public-key", "alg": ES256} in options["pubKeyCredParams"]
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: ES256, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cbor2.dumps(cose)
        data = self._data(ATTESTED) + attested
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client_data("webauthn.create", options["challenge"])
        return self._credential({"clientDataJSON": client, "attestationObject": statement})

    def get(self, options: Any) -> dict[str, Any]:
        """What ``navigator.credentials.get`` gives for these options."""
        if self.counter is not None:
            self.counter += 1
        data, client = self._data(0), self._client_data("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential({"clientDataJSON": client, "authenticatorData": data, "signature": signature})

    def _data(self, more: int) -> bytes:
        site = urlsplit(self.origin).hostname or ""
        flags = PRESENT | (VERIFIED if self.verifies else 0) | more
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + (self.counter or 0).to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str) -> bytes:
        assert len(base64url_to_bytes(challenge)) >= 32
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _credential(self, response: dict[str, bytes]) -> dict[str, Any]:
        name = bytes_to_base64url(self.credential_id)
        answers = {key: bytes_to_base64url(value) for key, value in response.items()}
        return {"id": name, "rawId": name, "type": "public-key", "response": answers, "clientExtensionResults": {}}
