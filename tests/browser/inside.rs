//! Logging in inside DingTalk's client (免登) in a real browser: the client's script gives our page a code, or refuses.
//!
//! Invariant: the page loads the script from the address of the real one, over TLS; only the host behind the name is a
//! stand-in, and it gives codes of the strict fake to our company's application alone.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use liaison::{Running, Service, TimeSource};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::driver::Browser;
use crate::page::Page;
use crate::world::monday_morning;

#[path = "../platform/fake/dingtalk/mod.rs"]
#[expect(dead_code, unused_imports, reason = "here it only says who somebody is")]
mod office;

const CERTIFICATE: &str = include_str!("../platform/vectors/tls/server.pem");
const KEY: &str = include_str!("../platform/vectors/tls/server.key.pem");
const DIRECTORY: &str = include_str!("../../config/demo/directory.toml");
/// The path of the client's script, as the open platform's page names it.
const SCRIPT: &str = "GET /dingding/dingtalk-jsapi/3.0.25/dingtalk.open.js HTTP/1.1\r\n";
const AGENT: &str =
    "--user-agent=Mozilla/5.0 (iPhone) AppleWebKit/605 AliApp(DingTalk/7.6.0) com.laiwang.DingTalk/1";

/// What the client does when a page asks for a code: it knows one application of one company.
fn client(code: Option<&str>) -> String {
    let (code, company, application) = (serde_json::json!(code), "dingfakecorp0001", office::CLIENT_ID);
    format!(
        "window.dd = {{
           ready(then) {{ setTimeout(then, 0); }},
           requestAuthCode({{ corpId, clientId, onSuccess, onFail }}) {{
             const known = corpId === '{company}' && clientId === '{application}';
             if (known && {code}) onSuccess({{ code: {code} }});
             else onFail({{ errorCode: 3, errorMessage: 'not for this page' }});
           }},
         }};"
    )
}

/// The host of the client's script: serves it over TLS, and nothing else; its port.
fn serves(script: String) -> u16 {
    let chain = vec![CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
            let (stream, script) = (StreamOwned::new(tls, stream.unwrap()), script.clone());
            // A browser that opens a connection in advance holds up nobody.
            std::thread::spawn(move || answers(stream, &script));
        }
    });
    port
}

/// One question and its answer; a browser may also hang up.
fn answers(mut stream: StreamOwned<ServerConnection, TcpStream>, script: &str) {
    let mut head = [0; 4096];
    let Ok(read) = stream.read(&mut head) else { return };
    let found = head[..read].starts_with(SCRIPT.as_bytes());
    let (status, body) = if found { ("200 OK", script) } else { ("404 Not Found", "") };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/javascript; charset=utf-8\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(answer.as_bytes());
    stream.conn.send_close_notify();
    let _ = stream.flush();
}

/// A service that lets people in with their DingTalk account.
struct Company {
    office: office::Fake,
    url: String,
    running: Running,
    _folder: tempfile::TempDir,
}

impl Company {
    async fn begins() -> Company {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (folder, office) = (tempfile::tempdir().unwrap(), office::Fake::start().await.unwrap());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let account = format!("id = \"zhang.wei\"\naccounts = {{ dingtalk = \"{}\" }}\n", office::PERSON);
        let directory = DIRECTORY.replace("id = \"zhang.wei\"\n", &account);
        std::fs::write(folder.path().join("directory.toml"), directory).unwrap();
        let base = office.base_url();
        let text = format!(
            "[server]\nlisten = \"{addr}\"\npublic_url = \"http://{addr}\"\n\
             [database]\nurl = \"sqlite://{folder}/liaison.db\"\n[directory]\nfile = \"{folder}/directory.toml\"\n\
             [dingtalk]\nenabled = true\nmode = \"webhook\"\nbase_url = \"{base}\"\nlegacy_base_url = \"{base}\"\n\
             client_id = \"{}\"\nclient_secret = \"{}\"\nlogin = true\ncorp_id = \"dingfakecorp0001\"\n",
            office::CLIENT_ID,
            office::CLIENT_SECRET,
            folder = folder.path().display(),
        );
        let file = folder.path().join("liaison.toml");
        std::fs::write(&file, text).unwrap();
        let config = liaison::load_config(Some(&file), std::iter::empty()).unwrap();
        let service = Service::open(&config, TimeSource::Frozen(monday_morning())).await.unwrap();
        let running = service.start(listener).unwrap();
        Company { office, url: format!("http://{addr}"), running, _folder: folder }
    }

    /// Somebody opens a page of ours in the client whose script is served at this port; `None` without a browser.
    async fn opens(&self, path: &str, port: u16) -> Option<Page> {
        let host = format!("--host-resolver-rules=MAP g.alicdn.com:443 127.0.0.1:{port}");
        let arguments = [AGENT, &host, "--ignore-certificate-errors", "--accept-lang=zh-CN,zh"];
        let browser = Browser::starts_with((390, 780), &arguments).await?;
        browser.client.goto(&format!("{}{path}", self.url)).await.unwrap();
        Some(Page { browser })
    }

    async fn ends(self) {
        self.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_client_says_who_it_is_and_the_page_that_was_asked_for_is_shown() {
    let company = Company::begins().await;
    let port = serves(client(Some(&company.office.gives_code(office::PERSON))));
    let Some(page) = company.opens("/login?to=%2Fboard%2Fissues", port).await else { return };
    page.reads_anywhere("张伟的视图").await;
    page.is_at("/board/issues").await;
    assert_eq!(company.office.count("login.inside"), 1, "one code, asked about once");
    page.closes().await;
    company.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_client_refuses_the_login_page_is_the_way_in() {
    let company = Company::begins().await;
    let back = format!("{}/login/dingtalk/back", company.url);
    company.office.state().logins.redirects.insert(back);
    company.office.state().logins.agreeing = format!("un_{}", office::PERSON);
    let port = serves(client(None));
    let Some(page) = company.opens("/login?to=%2Fboard%2Fissues", port).await else { return };
    page.reads_anywhere("钉钉没有告诉我们您是谁").await;
    page.reads_anywhere("还没有登录").await;
    page.shot("login-refused-by-the-client").await;
    assert_eq!(company.office.count("login.inside"), 0, "no code, nothing to ask about");
    page.clicks("main a").await;
    page.reads_anywhere("张伟的视图").await;
    page.is_at("/board/issues").await;
    assert_eq!(company.office.count("login.union"), 1, "by the login page");
    page.closes().await;
    company.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_without_its_script_says_so_at_once() {
    let company = Company::begins().await;
    let port = serves(String::new());
    let Some(page) = company.opens("/login/dingtalk", port).await else { return };
    page.reads_anywhere("钉钉没有告诉我们您是谁").await;
    assert!(page.fits().await, "nothing sticks out on a phone");
    page.closes().await;
    company.ends().await;
}
