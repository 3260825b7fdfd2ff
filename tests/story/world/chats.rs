//! What stands in people's chats.

use serde_json::Value;

use super::World;

impl World {
    /// The newest card in somebody's private chat.
    pub async fn card(&self, person: &str) -> Value {
        let messages = self.messages(&format!("p-{person}"), person).await;
        messages.iter().rev().find(|m| m["card"].is_object()).unwrap()["card"].clone()
    }

    /// The message with the newest card in somebody's private chat.
    pub async fn newest(&self, person: &str) -> String {
        let messages = self.messages(&format!("p-{person}"), person).await;
        let newest = messages.iter().rev().find(|m| m["card"].is_object()).unwrap();
        newest["id"].as_str().unwrap().to_owned()
    }

    /// The card of one message.
    pub async fn card_of(&self, person: &str, message: &str) -> Value {
        let messages = self.messages(&format!("p-{person}"), person).await;
        messages.into_iter().find(|m| m["id"] == message).unwrap()["card"].clone()
    }

    pub async fn messages(&self, chat: &str, person: &str) -> Vec<Value> {
        let path = format!("/sandbox/api/chats/{chat}/messages?person={person}");
        self.gets(&path).await.as_array().unwrap().clone()
    }
}
