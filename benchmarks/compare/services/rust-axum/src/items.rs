//! The items: one that is read and one that is created.

use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Serialize)]
struct Item {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<u32>,
}

#[derive(Deserialize)]
pub struct NewItem {
    name: String,
    quantity: u32,
}

pub async fn read(Path(id): Path<String>) -> impl IntoResponse {
    let name = format!("item {id}");
    Json(Item {
        id,
        name,
        quantity: None,
    })
}

/// The Json extractor refuses what is no JSON or has other types; how long and how many is said here.
pub async fn create(body: Result<Json<NewItem>, JsonRejection>) -> Response {
    let Json(new) = match body {
        Ok(new) => new,
        Err(rejection) => return refuse(rejection.status(), "the body is not the JSON of an item"),
    };
    if !(1..=50).contains(&new.name.chars().count()) {
        return refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            "name must have 1 to 50 characters",
        );
    }
    if !(1..=100).contains(&new.quantity) {
        return refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            "quantity must be 1 to 100",
        );
    }
    let item = Item {
        id: "1".into(),
        name: new.name,
        quantity: Some(new.quantity),
    };
    (StatusCode::CREATED, Json(item)).into_response()
}

fn refuse(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": message }))).into_response()
}
