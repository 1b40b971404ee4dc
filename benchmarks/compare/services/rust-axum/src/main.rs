//! The service on axum, run by lambda_http.

mod files;
mod items;

use axum::body::Bytes;
use axum::extract::Query;
use axum::http::header::{CONTENT_TYPE, HOST, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{AppendHeaders, IntoResponse};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use lambda_http::{Error, run, tracing};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();

    let app = Router::new()
        .route("/health", get(async || "ok"))
        .route("/whatismyip", get(whatismyip))
        .route("/echo/{*rest}", any(echo))
        .route("/items", post(items::create))
        .route("/items/{id}", get(items::read))
        .route("/upload", post(upload))
        .route(
            "/binary",
            get(async || ([(CONTENT_TYPE, "image/png")], files::png())),
        )
        .route("/large", get(async || files::text(600_000)))
        .route("/huge", get(async || files::text(2_000_000)))
        .route("/cookies", get(cookies))
        .route(
            "/redirect",
            get(async || (StatusCode::FOUND, [(LOCATION, "/whatismyip")])),
        )
        .route("/panic", get(fail));

    run(app).await
}

/// Neither axum nor lambda_http knows the client's address behind a load balancer, so this is the header as it came.
async fn whatismyip(headers: HeaderMap) -> String {
    values(&headers, "x-forwarded-for").join(", ")
}

#[derive(Serialize)]
struct Echo {
    method: String,
    path: String,
    query: BTreeMap<String, Vec<String>>,
    host: String,
    test: Vec<String>,
}

async fn echo(
    method: Method,
    uri: Uri,
    Query(pairs): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Json<Echo> {
    let mut query = BTreeMap::<String, Vec<String>>::new();
    for (key, value) in pairs {
        query.entry(key).or_default().push(value);
    }
    Json(Echo {
        method: method.to_string(),
        path: percent_decode_str(uri.path())
            .decode_utf8_lossy()
            .into_owned(),
        query,
        host: values(&headers, HOST.as_str()).join(", "),
        test: values(&headers, "x-test"),
    })
}

async fn upload(body: Bytes) -> String {
    Sha256::digest(&body)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

async fn cookies() -> impl IntoResponse {
    (
        AppendHeaders([
            (SET_COOKIE, "a=1; Path=/"),
            (SET_COOKIE, "b=2; Path=/; HttpOnly"),
        ]),
        "ok",
    )
}

async fn fail() {
    panic!("secret detail 4711");
}

fn values(headers: &HeaderMap, name: &str) -> Vec<String> {
    headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect()
}
