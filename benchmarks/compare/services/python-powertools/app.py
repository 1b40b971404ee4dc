"""The service on the event handler of Powertools for AWS Lambda."""

from base64 import b64decode
from hashlib import sha256

from aws_lambda_powertools.event_handler import ALBResolver, Response
from aws_lambda_powertools.event_handler.exceptions import ResponseSizeExceededError
from aws_lambda_powertools.shared.cookies import Cookie
from pydantic import BaseModel, Field

import files

app = ALBResolver(
    enable_validation=True,
    decode_query_parameters=True,
    enable_response_size_validation=True,
)


class NewItem(BaseModel):
    name: str = Field(min_length=1, max_length=50)
    quantity: int = Field(ge=1, le=100)


def text(body: str, cookies: list[Cookie] | None = None) -> Response:
    return Response(status_code=200, content_type="text/plain; charset=utf-8", body=body, cookies=cookies)


def header(name: str) -> list[str]:
    """The values of a header: one text of a target group with single-value headers, else a list."""
    values = app.current_event.resolved_headers_field.get(name, [])
    return values if isinstance(values, list) else [values]


@app.get("/health")
def health():
    return text("ok")


@app.get("/whatismyip")
def what_is_my_ip():
    # The resolver knows no address of a load balancer's client, so this is the header as it came.
    return text(", ".join(header("x-forwarded-for")))


@app.route("/echo/.+", method=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def echo():
    event = app.current_event
    return {
        "method": event.http_method,
        "path": event.path,
        "query": event.resolved_query_string_parameters,
        "host": ", ".join(header("host")),
        "test": header("x-test"),
    }


@app.get("/items/<item_id>")
def read_item(item_id: str):
    return {"id": item_id, "name": f"item {item_id}"}


@app.post("/items")
def create_item(item: NewItem):
    return {"id": "1", **item.model_dump()}, 201


@app.post("/upload")
def upload():
    event = app.current_event
    body = event.body or ""
    return text(sha256(b64decode(body) if event.is_base64_encoded else body.encode()).hexdigest())


@app.get("/binary")
def binary():
    return Response(status_code=200, content_type="image/png", body=files.png())


@app.get("/large")
def large():
    return text(files.text(600_000))


@app.get("/huge")
def huge():
    return text(files.text(2_000_000))


@app.get("/cookies")
def cookies():
    return text("ok", [Cookie("a", "1", path="/", secure=False), Cookie("b", "2", path="/", secure=False, http_only=True)])


@app.get("/redirect")
def redirect():
    return Response(status_code=302, headers={"Location": "/whatismyip"})


@app.get("/panic")
def panic():
    raise RuntimeError("secret detail 4711")


@app.exception_handler(ResponseSizeExceededError)
def too_large(error: ResponseSizeExceededError):
    return {"message": f"the response is over {error.max_size} bytes"}, 500


def handler(event, context):
    return app.resolve(event, context)
