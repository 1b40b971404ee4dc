"""The service on FastAPI, brought to Lambda by Mangum."""

from collections import defaultdict
from hashlib import sha256
from typing import Annotated

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse
from mangum import Mangum
from pydantic import BaseModel, Field

import files

app = FastAPI()


class Item(BaseModel):
    id: str
    name: str


class NewItem(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=50)]
    quantity: Annotated[int, Field(ge=1, le=100)]


class CreatedItem(Item):
    quantity: int


@app.get("/health", response_class=PlainTextResponse)
async def health():
    return "ok"


@app.get("/whatismyip", response_class=PlainTextResponse)
async def what_is_my_ip(request: Request):
    return request.client.host


@app.api_route("/echo/{path:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def echo(request: Request):
    query = defaultdict(list)
    for key, value in request.query_params.multi_items():
        query[key].append(value)
    return {
        "method": request.method,
        "path": request.url.path,
        "query": query,
        "host": request.headers.get("host", ""),
        "test": request.headers.getlist("x-test"),
    }


@app.get("/items/{item_id}")
async def read_item(item_id: str) -> Item:
    return Item(id=item_id, name=f"item {item_id}")


@app.post("/items", status_code=201)
async def create_item(item: NewItem) -> CreatedItem:
    return CreatedItem(id="1", **item.model_dump())


@app.post("/upload", response_class=PlainTextResponse)
async def upload(request: Request):
    return sha256(await request.body()).hexdigest()


@app.get("/binary")
async def binary():
    return Response(files.png(), media_type="image/png")


@app.get("/large", response_class=PlainTextResponse)
async def large():
    return files.text(600_000)


@app.get("/huge", response_class=PlainTextResponse)
async def huge():
    return files.text(2_000_000)


@app.get("/cookies", response_class=PlainTextResponse)
async def cookies(response: Response):
    response.set_cookie("a", "1", samesite=None)
    response.set_cookie("b", "2", httponly=True, samesite=None)
    return "ok"


@app.get("/redirect")
async def redirect():
    return RedirectResponse("/whatismyip", status_code=302)


@app.get("/panic")
async def panic():
    raise RuntimeError("secret detail 4711")


handler = Mangum(app, lifespan="off")
