//! A small web server for the example blogs: files of one folder, nothing else.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// What stands for the server's public URL in the example pages.
const PLACEHOLDER: &str = "{{JIWAR}}";

/// The longest request head that is read, in bytes.
const HEAD_LIMIT: u64 = 16 * 1024;

/// The folder, and the URL that its pages should speak to.
pub struct Blogs {
    folder: PathBuf,
    jiwar: String,
}

struct Answer {
    status: &'static str,
    kind: &'static str,
    location: Option<String>,
    body: Vec<u8>,
}

impl Blogs {
    /// # Errors
    /// When there is no such folder.
    pub fn new(folder: &Path, jiwar: &str) -> io::Result<Self> {
        Ok(Self { folder: fs::canonicalize(folder)?, jiwar: jiwar.into() })
    }

    /// Answers on `listener`, in threads of its own, as long as the process lives.
    pub fn serve(self, listener: TcpListener) {
        let blogs = Arc::new(self);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let blogs = blogs.clone();
                // A reader who goes away in the middle is no fault of ours.
                thread::spawn(move || drop(blogs.converse(&stream)));
            }
        });
    }

    fn converse(&self, stream: &TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.set_write_timeout(Some(Duration::from_secs(10)))?;
        let mut head = BufReader::new(stream.take(HEAD_LIMIT));
        let mut request = String::new();
        head.read_line(&mut request)?;
        let mut line = String::new();
        // To the end of the head: closing a connection with bytes unread would reset it.
        while head.read_line(&mut line)? > 2 {
            line.clear();
        }
        let (with_body, answer) = self.answer(&request);
        send(stream, &answer, with_body)
    }

    /// The answer to a request line, and whether its body is wanted.
    fn answer(&self, request: &str) -> (bool, Answer) {
        let mut words = request.split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let answer = match method {
            "GET" | "HEAD" => self.find(target.split(['?', '#']).next().unwrap_or_default()),
            _ => plain("405 Method Not Allowed", "Only GET and HEAD."),
        };
        (method != "HEAD", answer)
    }

    fn find(&self, path: &str) -> Answer {
        let not_found = || plain("404 Not Found", "Nothing here.");
        let Some(mut file) = self.file(path) else { return not_found() };
        if file.is_dir() {
            if !path.ends_with('/') {
                let location = Some(format!("{path}/"));
                return Answer { location, ..plain("301 Moved Permanently", "It ends with a slash.") };
            }
            file.push("index.html");
        }
        let Ok(body) = fs::read(&file) else { return not_found() };
        let kind = kind(&file);
        let body = if kind.starts_with("text/") { self.filled_in(body) } else { body };
        Answer { status: "200 OK", kind, location: None, body }
    }

    /// The file of a URL's path, if it lies within the folder.
    fn file(&self, path: &str) -> Option<PathBuf> {
        let path = percent_decoded(path.strip_prefix('/')?)?;
        if path.contains(['\\', '\0']) || path.split('/').any(|part| part == "..") || path.starts_with('/') {
            return None;
        }
        // A symbolic link must not lead out either.
        let file = fs::canonicalize(self.folder.join(path)).ok()?;
        file.starts_with(&self.folder).then_some(file)
    }

    fn filled_in(&self, body: Vec<u8>) -> Vec<u8> {
        match String::from_utf8(body) {
            Ok(text) => text.replace(PLACEHOLDER, &self.jiwar).into_bytes(),
            Err(other) => other.into_bytes(),
        }
    }
}

fn plain(status: &'static str, text: &str) -> Answer {
    Answer { status, kind: "text/plain; charset=utf-8", location: None, body: text.into() }
}

fn send(mut stream: &TcpStream, answer: &Answer, with_body: bool) -> io::Result<()> {
    let Answer { status, kind, location, body } = answer;
    let location = location.as_ref().map_or(String::new(), |to| format!("location: {to}\r\n"));
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n{location}cache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    if with_body {
        stream.write_all(body)?;
    }
    stream.flush()
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "xml" => "text/xml; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

/// RFC 3986, section 2.1. None when it is not UTF-8, or an escape is broken.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' { hex(bytes.next()?)? * 16 + hex(bytes.next()?)? } else { byte });
    }
    String::from_utf8(decoded).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with a page in it, a secret beside it, and a link to that.
    struct Scene(PathBuf);

    impl Scene {
        fn set(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("jiwar-blogs-{name}-{}", std::process::id()));
            fs::create_dir_all(folder.join("public/blog-ar")).unwrap();
            fs::write(folder.join("secret.txt"), "secret").unwrap();
            fs::write(folder.join("public/blog-ar/index.html"), "<script src={{JIWAR}}/embed.js>").unwrap();
            fs::write(folder.join("public/قطة.txt"), "مياو").unwrap();
            std::os::unix::fs::symlink("../secret.txt", folder.join("public/link.txt")).unwrap();
            Self(folder)
        }

        fn get(&self, target: &str) -> Answer {
            let blogs = Blogs::new(&self.0.join("public"), "http://jiwar.example").unwrap();
            blogs.answer(&format!("GET {target} HTTP/1.1\r\n")).1
        }
    }

    impl Drop for Scene {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_folder_answers_with_its_index_filled_in() {
        let scene = Scene::set("index");
        let page = scene.get("/blog-ar/?utm_source=x");
        assert_eq!(page.status, "200 OK");
        assert_eq!(page.kind, "text/html; charset=utf-8");
        assert_eq!(String::from_utf8(page.body).unwrap(), "<script src=http://jiwar.example/embed.js>");
        assert_eq!(scene.get("/blog-ar").location.as_deref(), Some("/blog-ar/"));
        assert_eq!(scene.get("/%D9%82%D8%B7%D8%A9.txt").body, "مياو".as_bytes());
    }

    #[test]
    fn nothing_outside_the_folder_is_given_away() {
        let scene = Scene::set("outside");
        let outside = ["/../secret.txt", "/%2e%2e/secret.txt", "/blog-ar/../../secret.txt", "/link.txt", "//etc/passwd", "/%2Fetc/passwd", "/..%5csecret.txt"];
        for target in outside.into_iter().chain(["/%zz", "/%", "/%ff", "/%00", "", "secret.txt"]) {
            assert_eq!(scene.get(target).status, "404 Not Found", "{target}");
        }
    }

    #[test]
    fn it_answers_over_a_connection() {
        let scene = Scene::set("connection");
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        Blogs::new(&scene.0.join("public"), "http://jiwar.example").unwrap().serve(listener);
        let ask = |request: &str| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        };
        let got = ask("GET /blog-ar/ HTTP/1.1\r\nhost: localhost\r\n\r\n");
        assert!(got.starts_with("HTTP/1.1 200 OK\r\n") && got.ends_with("/embed.js>"), "{got}");
        let head = ask("HEAD /blog-ar/ HTTP/1.1\r\nhost: localhost\r\n\r\n");
        assert!(head.contains("content-length: 42") && head.ends_with("\r\n\r\n"), "{head}");
        assert!(ask("POST / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 405 "));
    }
}
