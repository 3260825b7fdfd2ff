//! Whoever guesses at links, sessions and tokens.

use crate::world::ground::{self, runs};
use crate::world::{Backend, World, client, story};

story!(who_guesses_at_links_sessions_and_tokens_is_slowed_down_and_nobody_else, |world| {
    let token = ground::token(world.database(), ("报表", "zhang.wei", "requests"));
    let token = token.as_str();
    let client = client();
    let calls = async |from: &str, path: &str, token: Option<&str>| {
        let request = client.get(format!("{}{path}", world.url())).header("x-forwarded-for", from);
        let request = token.into_iter().fold(request, |request, token| request.bearer_auth(token));
        request.send().await.unwrap()
    };
    // Who shows nothing guesses nothing.
    for _ in 0..100 {
        assert_eq!(calls("203.0.113.1", "/api/v1/requests", None).await.status(), 401);
    }
    let (mut looked_at, mut shut) = (0, None);
    for guess in 0..200 {
        // Behind a proxy an attacker writes what he likes in front of what the proxy adds.
        let from = format!("198.51.100.{}, 203.0.113.9", guess % 100);
        let (path, token) = match guess % 3 {
            0 => ("/api/v1/requests", Some(format!("liaison_{guess}"))),
            1 => ("/forms/none", None),
            _ => ("/board/enter?pass=none", None),
        };
        let answer = calls(&from, path, token.as_deref()).await;
        if answer.status() == 429 {
            shut = Some(answer);
            break;
        }
        assert!([401, 404].contains(&answer.status().as_u16()), "{path}: {}", answer.status());
        looked_at += 1;
    }
    let shut = shut.unwrap();
    assert!((60..90).contains(&looked_at), "{looked_at} guesses were looked at");
    let wait: u64 = shut.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=61).contains(&wait), "{wait}");
    // Even what is right is not looked at from there, at no door; everywhere else it is.
    for path in ["/api/v1/requests", "/forms/none", "/board", "/board/events", "/board/enter?pass=none"] {
        assert_eq!(calls("203.0.113.9", path, Some(token)).await.status(), 429, "{path}");
    }
    assert_eq!(calls("203.0.113.9", "/healthz", None).await.status(), 200);
    assert_eq!(calls("203.0.113.10", "/api/v1/requests", Some(token)).await.status(), 200);
    world.says("li.na", "/help").await;
    world.hears("li.na ← 命令一览").await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_made_by_chance_said_once_and_stands_in_no_file() {
    let Some(world) = World::begins(Backend::Sqlite).await else { return };
    let made: Vec<String> = (0..2)
        .map(|_| {
            let arguments = ["token", "add", "--name", "x", "--person", "li.na", "--scope", "act"];
            let (code, said) = runs(world.database(), (&arguments, &[]));
            assert_eq!(code, Some(0), "{said}");
            let words: Vec<&str> = said.lines().filter(|line| line.contains("liaison_")).collect();
            assert_eq!(words.len(), 1, "once: {said}");
            words[0].to_owned()
        })
        .collect();
    let request = client().get(format!("{}/api/v1/requests", world.url())).bearer_auth(&made[0]);
    assert_eq!(request.send().await.unwrap().status(), 403, "it is known, and may only act");
    // Both begin with the moment that they were made at; what comes behind is no continuation.
    let (one, other) = (made[0].as_bytes(), made[1].as_bytes());
    let differ = one.iter().zip(other).filter(|(a, b)| a != b).count();
    assert!(one.len() >= 64 && differ > 24, "{differ} places differ");
    let file = world.database().strip_prefix("sqlite://").unwrap();
    for file in [file.to_owned(), format!("{file}-wal")] {
        let bytes = std::fs::read(&file).unwrap();
        for token in &made {
            let secret = &token.as_bytes()[token.len() - 24..];
            assert!(!bytes.windows(secret.len()).any(|part| part == secret), "in {file}");
        }
    }
    world.ends().await;
}
