"""The service on Flask, brought to Lambda by apig-wsgi."""

from hashlib import sha256

from apig_wsgi import make_lambda_handler
from flask import Flask, Response, jsonify, redirect, request
from werkzeug.middleware.proxy_fix import ProxyFix

import files

app = Flask(__name__)
# One proxy, the load balancer, which sets X-Forwarded-For and X-Forwarded-Proto.
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)


def text(body: str) -> Response:
    return Response(body, mimetype="text/plain")


@app.get("/health")
def health():
    return text("ok")


@app.get("/whatismyip")
def what_is_my_ip():
    return text(request.remote_addr)


@app.route("/echo/<path:path>", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def echo(path: str):
    return jsonify(
        method=request.method,
        path=request.path,
        query=request.args.to_dict(flat=False),
        host=request.host,
        test=request.headers.getlist("X-Test"),
    )


@app.get("/items/<item_id>")
def read_item(item_id: str):
    return jsonify(id=item_id, name=f"item {item_id}")


@app.post("/items")
def create_item():
    match request.get_json():
        case {"name": str(name), "quantity": int(quantity)} if 1 <= len(name) <= 50 and 1 <= quantity <= 100:
            return jsonify(id="1", name=name, quantity=quantity), 201
    return jsonify(error="name has 1 to 50 characters, quantity is 1 to 100"), 422


@app.errorhandler(400)
def bad_request(error):
    return jsonify(error=error.description), 400


@app.post("/upload")
def upload():
    return text(sha256(request.get_data()).hexdigest())


@app.get("/binary")
def binary():
    return Response(files.png(), mimetype="image/png")


@app.get("/large")
def large():
    return text(files.text(600_000))


@app.get("/huge")
def huge():
    return text(files.text(2_000_000))


@app.get("/cookies")
def cookies():
    response = text("ok")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2", httponly=True)
    return response


@app.get("/redirect")
def to_what_is_my_ip():
    return redirect("/whatismyip")


@app.get("/panic")
def panic():
    raise RuntimeError("secret detail 4711")


handler = make_lambda_handler(app)
