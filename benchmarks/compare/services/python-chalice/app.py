"""The service on Chalice, which knows API Gateway alone."""

from hashlib import sha256

from chalice import BadRequestError, Chalice, Response

from chalicelib import files

app = Chalice(app_name="compare")


def text(body: str) -> Response:
    return Response(body, headers={"Content-Type": "text/plain; charset=utf-8"})


@app.route("/health")
def health():
    return text("ok")


@app.route("/whatismyip")
def what_is_my_ip():
    return text(app.current_request.context["identity"]["sourceIp"])


@app.route("/echo/{path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def echo(path):
    request = app.current_request
    query = request.query_params or {}
    event = request.to_original_event()
    return {
        "method": request.method,
        "path": f"/echo/{path}",
        "query": {key: query.getlist(key) for key in query},
        "host": request.headers.get("host", ""),
        "test": event["multiValueHeaders"].get("X-Test", []),
    }


@app.route("/items/{id}")
def read_item(id):
    return {"id": id, "name": f"item {id}"}


@app.route("/items", methods=["POST"])
def create_item():
    match app.current_request.json_body:
        case {"name": str(name), "quantity": int(quantity)} if 1 <= len(name) <= 50 and 1 <= quantity <= 100:
            return Response({"id": "1", "name": name, "quantity": quantity}, status_code=201)
    raise BadRequestError("name has 1 to 50 characters, quantity is 1 to 100")


@app.route("/upload", methods=["POST"], content_types=["application/octet-stream"])
def upload():
    return text(sha256(app.current_request.raw_body).hexdigest())


@app.route("/binary")
def binary():
    return Response(files.png(), headers={"Content-Type": "image/png"})


@app.route("/large")
def large():
    return text(files.text(600_000))


@app.route("/huge")
def huge():
    return text(files.text(2_000_000))


@app.route("/cookies")
def cookies():
    return Response("ok", headers={"Content-Type": "text/plain", "Set-Cookie": ["a=1; Path=/", "b=2; Path=/; HttpOnly"]})


@app.route("/redirect")
def redirect():
    return Response("", status_code=302, headers={"Location": "/whatismyip"})


@app.route("/panic")
def panic():
    raise RuntimeError("secret detail 4711")
