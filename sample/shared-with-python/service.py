"""The other service: Starlette with its own SessionMiddleware. It knows nothing of Node."""

import os

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def hello(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    user = request.session.get("user", "anonymous")
    return PlainTextResponse(f"Python says: Hello {user}, visit {request.session['visits']}")


async def login(request):
    request.session["user"] = request.path_params["user"]
    return PlainTextResponse("Python logged you in")


app = Starlette(
    routes=[Route("/python", hello), Route("/python/login/{user}", login)],
    middleware=[Middleware(SessionMiddleware, secret_key=os.environ["SESSION_SECRET"])],
)
