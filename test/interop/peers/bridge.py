"""Reads and writes the cookies of one Python library: one JSON line in, one JSON line out.

    python3 bridge.py starlette SECRET

{"write": "<session as JSON>"}, {"python": "<session as a Python expression>"} and {"read": "<cookie>"}; "now" stops the
clock. Answers {"value": …}, {"data": "<session as JSON>"} or {"error": "<type of the exception>"}.
"""
import asyncio
import json
import sys
import time
from base64 import b64encode, urlsafe_b64encode


class Starlette:
    """The middleware itself, called as an ASGI server calls it."""

    def __init__(self, secret):
        from starlette.middleware.sessions import SessionMiddleware

        self.middleware = SessionMiddleware(self.app, secret_key=secret)

    async def app(self, scope, receive, send):
        self.seen = dict(scope["session"])
        scope["session"].update(self.data)
        await send({"type": "http.response.start", "status": 200, "headers": []})

    def call(self, cookie, data):
        self.data, sent = data, []
        headers = [(b"cookie", b"session=" + cookie.encode())] if cookie else []
        scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}

        async def send(message):
            sent.append(message)

        asyncio.run(self.middleware(scope, None, send))
        return dict(sent[0]["headers"]).get(b"set-cookie", b"").decode()

    def write(self, data):
        if not data:  # The middleware deletes the cookie of an empty session.
            return self.middleware.signer.sign(b64encode(b"{}")).decode()
        return self.call(None, data).split(";")[0].split("=", 1)[1]

    def read(self, value):
        self.call(value, {})
        return self.seen


class Flask:
    """The application's own session interface."""

    def __init__(self, secret):
        import flask

        self.app = flask.Flask("bridge")
        self.app.secret_key = secret

    def write(self, data):
        interface = self.app.session_interface
        if not data:  # Flask deletes the cookie of an empty session.
            return interface.get_signing_serializer(self.app).dumps({})
        with self.app.test_request_context() as context:
            context.session.update(data)
            response = self.app.make_response("")
            interface.save_session(self.app, context.session, response)
        return response.headers["Set-Cookie"].split(";")[0].split("=", 1)[1]

    def read(self, value):
        with self.app.test_request_context(headers={"Cookie": "session=" + value}) as context:
            return dict(context.session)


class Jwt:
    """The two calls of SessionJWT in asgi_sessions/__init__.py."""

    def __init__(self, secret):
        import jwt

        self.jwt, self.secret = jwt, secret

    def write(self, data):
        return self.jwt.encode(data, key=self.secret, algorithm="HS256")

    def read(self, value):
        return self.jwt.decode(value, key=self.secret, algorithms=["HS256"])


class Fernet:
    """The key and the two calls of SessionFernet in asgi_sessions/__init__.py, and json_dumps of asgi_tools/_compat.py."""

    def __init__(self, secret):
        from cryptography.fernet import Fernet

        self.fernet = Fernet(urlsafe_b64encode(secret.ljust(32, "=").encode()))

    def write(self, data):
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return self.fernet.encrypt(text.encode("utf-8")).decode()

    def read(self, value):
        return json.loads(self.fernet.decrypt(value.encode()).decode("utf-8"))


def answer(library, request):
    try:
        if "now" in request:
            time.time = lambda: request["now"]
        if "read" in request:
            return {"data": json.dumps(library.read(request["read"]))}
        if "python" in request:
            return {"value": library.write(eval(request["python"]))}
        return {"value": library.write(json.loads(request["write"]))}
    except Exception as error:
        return {"error": type(error).__name__}


FORMATS = {
    "starlette": Starlette,
    "flask": Flask,
    "asgi-sessions jwt": Jwt,
    "asgi-sessions fernet": Fernet,
}

if __name__ == "__main__":
    LIBRARY = FORMATS[sys.argv[1]](sys.argv[2])
    for line in sys.stdin:
        print(json.dumps(answer(LIBRARY, json.loads(line))), flush=True)
