//! Several queries in one journey.

use super::*;

#[tokio::test]
async fn several_queries_in_one_journey_read_as_each_alone() {
    for world in worlds().await {
        let world = world.with_tables().await;
        let mut tx = world.db.begin().await.unwrap();
        let bytes = if world.db.is_postgres() { "BYTEA" } else { "BLOB" };
        let table = "CREATE TABLE kind (id TEXT PRIMARY KEY, n BIGINT, yes BOOLEAN, x DOUBLE PRECISION, b ";
        tx.batch(vec![Statement::new(Sql::pieces(&[table, bytes, ")"]), args![])]).await.unwrap();
        let insert = "INSERT INTO kind (id, n, yes, x, b) VALUES ($1, $2, $3, $4, $5)";
        let (most, words) = (i64::MAX, "„Zitat\" \\ 換行\n");
        tx.execute(insert, args![words, most, true, 0.1, vec![0_u8, 255]]).await.unwrap();
        let none = (None::<i64>, None::<bool>, None::<f64>, None::<Vec<u8>>);
        tx.execute(insert, args!["a", none.0, none.1, none.2, none.3]).await.unwrap();
        tx.commit().await.unwrap();

        let queries = [
            "SELECT id, n, yes, x, b FROM kind WHERE id <> $1 ORDER BY id DESC",
            "SELECT id FROM kind WHERE id = $1",
            "SELECT COUNT(*) AS n FROM kind WHERE id <> $1",
        ];
        let mut source = &world.db;
        let [all, nobody, counted] = source.read_each(queries, args!["nobody"]).await.unwrap();
        let ids: Vec<String> = all.iter().map(|row| row.get("id").unwrap()).collect();
        assert_eq!(ids, [words, "a"], "in the order of the query");
        assert_eq!(all[0].get::<i64>("n").unwrap(), most);
        assert!(all[0].get::<bool>("yes").unwrap());
        assert_eq!(all[0].get::<f64>("x").unwrap(), 0.1);
        assert_eq!(all[0].get::<Vec<u8>>("b").unwrap(), [0, 255]);
        assert_eq!(all[1].get::<Option<i64>>("n").unwrap(), None);
        assert!(all[1].get::<i64>("n").is_err() && all[0].get::<i64>("unknown").is_err());
        assert!(all[0].get::<bool>("id").is_err(), "a text is no truth");
        assert!(nobody.is_empty());
        assert_eq!(counted[0].get::<i64>("n").unwrap(), 2);
    }
}
