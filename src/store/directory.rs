//! The directory as rows: imported as a whole, loaded as a whole, versioned so that replicas notice.

use std::collections::BTreeMap;

use super::code::{column, word};
use super::db::{Db, DbError, Row, Tx, args};
use crate::domain::change::Preferences;
use crate::domain::directory::{Absence, Department, Directory, Person, Role};
use crate::domain::quiet::Digests;
use crate::domain::{DepartmentId, Lang, PersonId};

type Result<T> = std::result::Result<T, DbError>;

/// The version of the directory in the database; 0 before the first import.
pub async fn version(db: &Db) -> Result<i64> {
    let row = db.row("SELECT version FROM directory_state WHERE id = 1", args![]).await?;
    row.map_or(Ok(0), |r| r.get("version"))
}

/// The digest of the file that was imported last.
pub async fn digest(db: &Db) -> Result<Option<String>> {
    let row = db.row("SELECT digest FROM directory_state WHERE id = 1", args![]).await?;
    row.map(|r| r.get("digest")).transpose()
}

/// Replaces the directory. People who are not in it any more stay, inactive: old records need their names.
pub async fn replace(tx: &mut Tx, directory: &Directory, company: &str, digest: &str) -> Result<i64> {
    let sql = "INSERT INTO directory_state (id, version, company, digest) VALUES (1, 1, $1, $2) \
               ON CONFLICT (id) DO UPDATE SET version = directory_state.version + 1, company = excluded.company, \
               digest = excluded.digest RETURNING version";
    let row = tx.row(sql, args![company, digest]).await?;
    let version = row.map_or(Ok(1), |r| r.get("version"))?;
    for table in ["DELETE FROM department", "DELETE FROM absence", "DELETE FROM account"] {
        tx.execute(table, args![]).await?;
    }
    tx.execute("UPDATE person SET active = $1", args![false]).await?;
    for department in directory.departments.values() {
        insert_department(tx, department).await?;
    }
    for person in directory.people.values() {
        insert_person(tx, person).await?;
    }
    Ok(version)
}

/// The next version, unless somebody else wrote the directory since `version`.
pub async fn moves_on(tx: &mut Tx, version: i64) -> Result<bool> {
    let sql = "UPDATE directory_state SET version = version + 1 WHERE id = 1 AND version = $1";
    Ok(tx.execute(sql, args![version]).await? == 1)
}

/// Keeps one department as it is now.
pub async fn save_department(tx: &mut Tx, department: &Department) -> Result<()> {
    tx.execute("DELETE FROM department WHERE id = $1", args![&department.id]).await?;
    insert_department(tx, department).await
}

/// Keeps one person as he is now.
pub async fn save_person(tx: &mut Tx, person: &Person) -> Result<()> {
    tx.execute("DELETE FROM absence WHERE person = $1", args![&person.id]).await?;
    tx.execute("DELETE FROM account WHERE person = $1", args![&person.id]).await?;
    insert_person(tx, person).await
}

async fn insert_department(tx: &mut Tx, d: &Department) -> Result<()> {
    let sql = "INSERT INTO department (id, name, english, head, contact, supervisor, parent) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = args![
        &d.id,
        &d.name,
        &d.english,
        d.head.as_ref(),
        d.contact.as_ref(),
        d.supervisor.as_ref(),
        d.parent.as_ref()
    ];
    tx.execute(sql, values).await.map(|_| ())
}

async fn insert_person(tx: &mut Tx, p: &Person) -> Result<()> {
    let sql = "INSERT INTO person (id, name, department, also, title, phone, roles, active, language, prefers) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET name = excluded.name, \
               department = excluded.department, also = excluded.also, title = excluded.title, phone = excluded.phone, \
               roles = excluded.roles, active = excluded.active, language = excluded.language, \
               prefers = excluded.prefers";
    let also: Vec<&str> = p.also.iter().map(DepartmentId::as_str).collect();
    let roles = p.roles.iter().map(word).collect::<Result<Vec<_>>>()?;
    let values = args![
        &p.id,
        &p.name,
        &p.department,
        also.join(","),
        &p.title,
        &p.phone,
        roles.join(","),
        p.active,
        word(&p.language)?,
        p.prefers.as_deref()
    ];
    tx.execute(sql, values).await?;
    for (n, absence) in (0_i64..).zip(&p.away) {
        let sql =
            "INSERT INTO absence (person, n, first_day, last_day, substitute) VALUES ($1, $2, $3, $4, $5)";
        tx.execute(sql, args![&p.id, n, absence.from, absence.to, absence.substitute.as_ref()]).await?;
    }
    for (platform, account) in &p.accounts {
        let sql = "INSERT INTO account (platform, account, person) VALUES ($1, $2, $3)";
        tx.execute(sql, args![platform, account, &p.id]).await?;
    }
    Ok(())
}

/// Loads the directory with its company name.
pub async fn load(db: &Db) -> Result<(Directory, String)> {
    let company = db.row("SELECT company FROM directory_state WHERE id = 1", args![]).await?;
    let company = company.map_or(Ok(String::new()), |r| r.get("company"))?;
    let sql = "SELECT id, name, english, head, contact, supervisor, parent FROM department";
    let departments = db.rows(sql, args![]).await?.iter().map(department).collect::<Result<Vec<_>>>()?;
    let sql = "SELECT id, name, department, also, title, phone, roles, active, language, prefers FROM person";
    let people = db.rows(sql, args![]).await?.iter().map(person).collect::<Result<Vec<_>>>()?;
    let mut directory = Directory {
        departments: departments.into_iter().map(|d| (d.id.clone(), d)).collect(),
        people: people.into_iter().map(|p| (p.id.clone(), p)).collect(),
        ..Directory::default()
    };
    let sql = "SELECT person, first_day, last_day, substitute FROM absence ORDER BY person, n";
    for row in db.rows(sql, args![]).await? {
        let absence = Absence {
            from: row.get("first_day")?,
            to: row.get("last_day")?,
            substitute: row.get("substitute")?,
        };
        if let Some(person) = directory.people.get_mut(&row.get::<PersonId>("person")?) {
            person.away.push(absence);
        }
    }
    for row in db.rows("SELECT platform, account, person FROM account", args![]).await? {
        if let Some(person) = directory.people.get_mut(&row.get::<PersonId>("person")?) {
            person.accounts.insert(row.get("platform")?, row.get("account")?);
        }
    }
    Ok((directory, company))
}

fn department(r: &Row) -> Result<Department> {
    Ok(Department {
        id: r.get("id")?,
        name: r.get("name")?,
        english: r.get("english")?,
        head: r.get("head")?,
        contact: r.get("contact")?,
        supervisor: r.get("supervisor")?,
        parent: r.get("parent")?,
    })
}

fn person(r: &Row) -> Result<Person> {
    let list =
        |text: String| text.split(',').filter(|w| !w.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let roles =
        list(r.get("roles")?).iter().map(|w| super::code::of_word::<Role>(w)).collect::<Result<_>>()?;
    Ok(Person {
        id: r.get("id")?,
        name: r.get("name")?,
        department: r.get("department")?,
        also: list(r.get("also")?).into_iter().map(DepartmentId::new).collect(),
        title: r.get("title")?,
        phone: r.get("phone")?,
        roles,
        away: Vec::new(),
        active: r.get("active")?,
        language: column(r, "language")?,
        accounts: BTreeMap::new(),
        prefers: r.get("prefers")?,
    })
}

/// Tells the other replicas that preferences or bound groups changed.
pub async fn touch(tx: &mut Tx) -> Result<()> {
    tx.execute("UPDATE directory_state SET version = version + 1 WHERE id = 1", args![]).await.map(|_| ())
}

/// Everybody's own settings.
pub async fn preferences(db: &Db) -> Result<BTreeMap<PersonId, Preferences>> {
    let read = |r: &Row| -> Result<(PersonId, Preferences)> {
        let language = super::code::optional::<Lang>(r, "language")?;
        Ok((
            r.get("person")?,
            Preferences {
                language,
                quiet: r.get("quiet")?,
                digest: super::code::optional::<Digests>(r, "digest")?,
                most: r.get::<Option<i64>>("most")?.and_then(|most| u32::try_from(most).ok()),
            },
        ))
    };
    db.rows("SELECT person, language, quiet, digest, most FROM preference", args![])
        .await?
        .iter()
        .map(read)
        .collect()
}

/// Keeps a person's own settings.
pub async fn save_preferences(tx: &mut Tx, person: &PersonId, p: &Preferences) -> Result<()> {
    let sql = "INSERT INTO preference (person, language, quiet, digest, most) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (person) DO UPDATE SET language = excluded.language, quiet = excluded.quiet, \
               digest = excluded.digest, most = excluded.most";
    let language = p.language.map(|l| word(&l)).transpose()?;
    tx.execute(
        sql,
        args![person, language, p.quiet.as_deref(), p.digest.map(|d| d.to_string()), p.most.map(i64::from)],
    )
    .await
    .map(|_| ())
}
