//! What happens to the service's house: it closes, moves, learns of holidays, and finds files beside it.

use serde_json::Value;

use super::{World, monday_morning};

impl World {
    /// What fires next.
    pub async fn upcoming(&self) -> Vec<Value> {
        self.gets("/sandbox/api/upcoming").await.as_array().unwrap().clone()
    }

    /// The service stops; where its database is.
    pub async fn is_closed(&mut self) -> String {
        self.running.take().unwrap().stop().await;
        self.database.clone()
    }

    /// The service starts again and finds a file with the holidays of a further year.
    pub async fn learns_holidays(&mut self, year: &str, facts: &str) {
        let years = self.folder.path().join("years");
        std::fs::create_dir_all(&years).unwrap();
        std::fs::write(years.join(format!("cn-{year}.toml")), facts).unwrap();
        self.restarts_with(&format!("[calendar]\nyears = {years:?}\n")).await;
    }

    /// The service starts again with these rules about time.
    pub async fn follows(&mut self, policy: &str) {
        // As in the demo, news is said at once.
        let policy = policy.replace("news = \"digest\"", "news = \"at_once\"");
        let file = self.keeps_file("policy.toml", &policy);
        self.policy = true;
        self.restarts_with(&format!("[policy]\nfile = {file:?}\n")).await;
    }

    /// From now on the administrators hear every day at this hour that the service is alive.
    pub async fn says_alive_at(&mut self, hour: jiff::civil::Time) {
        self.alive_at = Some(hour);
        self.is_down_for(0).await;
    }

    /// The service starts again and believes to be at this address.
    pub async fn speaks_as(&mut self, url: &str) {
        self.public_url = Some(url.to_owned());
        self.is_down_for(0).await;
    }

    /// Pictures are switched off.
    pub async fn shows_no_pictures(&mut self) {
        self.pictures = false;
        self.is_down_for(0).await;
    }

    /// However much somebody says in a minute, it is read.
    pub async fn hears_any_number(&mut self) {
        self.talkative = true;
        self.is_down_for(0).await;
    }

    /// The numbers of one row, asked of the database itself.
    pub async fn numbers(&self, sql: &str, width: usize) -> Vec<i64> {
        super::ground::numbers(&self.database, sql, width).await
    }

    /// What Prometheus reads.
    pub async fn metrics(&self) -> String {
        let answer = self.client.get(format!("{}/metrics", self.url())).send().await.unwrap();
        answer.text().await.unwrap()
    }

    async fn restarts_with(&mut self, config: &str) {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/config/demo/directory.toml");
        let file = self.keeps_file("liaison.toml", &format!("{config}[directory]\nfile = {directory:?}\n"));
        self.files = Some(file.into());
        self.is_down_for(0).await;
    }

    /// A file that lasts as long as the story; where it is.
    pub fn keeps_file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// The service starts again at an earlier moment than that of its first start; nothing has happened yet.
    pub async fn begins_at(&mut self, moment: &str) {
        self.running.take().unwrap().stop().await;
        self.starts(format!("{}:00+08:00", moment.replace(' ', "T")).parse().unwrap()).await;
    }

    /// The service is down from now until then.
    pub async fn is_down_until(&mut self, moment: &str) {
        self.begins_at(moment).await;
        self.settles().await;
    }

    /// The process dies and is started again a moment later.
    pub async fn is_killed(&mut self) {
        self.is_down_for(0).await;
    }

    /// Exactly these were heard since it was last asked; those of one moment come in either order.
    #[track_caller]
    pub fn all_of<'a>(&'a mut self, expected: &'a [&'a str]) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let heard = self.heard().await;
            let mut heard: Vec<&str> = heard.lines().collect();
            let mut expected = expected.to_vec();
            heard.sort_unstable();
            expected.sort_unstable();
            assert!(heard == expected, "at {caller}\nexpected: {expected:#?}\nheard: {heard:#?}");
        }
    }

    /// It starts again, on another database.
    pub async fn opens_on(&mut self, database: String) {
        self.database = database;
        self.starts(monday_morning()).await;
    }
}
