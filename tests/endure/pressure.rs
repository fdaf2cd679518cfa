//! Crowds, slow clients and loud neighbours, over real sockets. Networks are told
//! apart by the addresses of the loopback: 127.0.0.1 and 127.0.1.1 are in two of them.

use crate::stage::{Answer, Place, Server};
use serde_json::json;
use std::{
    io,
    net::IpAddr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

const THREAD: &str = "/api/v1/sites/blog/thread?page=/a";
const EVENTS: &str = "/api/v1/sites/blog/events?page=/a";
/// Longer than any of this takes on a busy machine.
const LONG: Duration = Duration::from_secs(20);

/// A client in a network of one's choice: 127.0.{network}.1.
fn client_in(network: u8) -> reqwest::Client {
    let address = IpAddr::from([127, 0, network, 1]);
    jiwar_tests::http::client().timeout(LONG).local_address(address).pool_max_idle_per_host(0).build().unwrap()
}

async fn line_in(place: &Place, network: u8) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((IpAddr::from([127, 0, network, 1]), 0).into())?;
    socket.connect(place.address.parse().unwrap()).await
}

async fn get(client: &reqwest::Client, server: &Server, path: &str) -> Answer {
    Answer::of(client.get(server.url(path))).await.unwrap()
}

/// Reads until the other side closes; what was said.
async fn until_closed(line: &mut TcpStream) -> String {
    let mut said = Vec::new();
    // A reset is an end like any other.
    let _ = timeout(LONG, line.read_to_end(&mut said)).await.expect("the line was not closed");
    String::from_utf8_lossy(&said).into_owned()
}

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, &*answer.code()), (status, code), "{answer:?}");
    assert!(answer.retry_after.is_some_and(|s| s > 0), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_clients_are_cut_off() {
    let place = Place::new();
    let server = place.serve(&["slow_client_ms=1000", "request_timeout_ms=1500"]).await;
    let begun = Instant::now();
    let says = async |start: &str| {
        let mut line = line_in(&place, 0).await.unwrap();
        line.write_all(start.as_bytes()).await.unwrap();
        line
    };
    let silent = async { until_closed(&mut says("").await).await };
    let greeting = async { until_closed(&mut says("PRI * HTTP/2").await).await };
    let headers = async {
        let mut line = says("GET /healthz HTTP/1.1\r\nhost: x\r\n").await;
        // Dribbles for as long as it is let.
        while line.write_all(b"a: b\r\n").await.is_ok() && begun.elapsed() < LONG {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let body = async {
        let mut line = says("POST /api/v1/sites/blog/comments HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{").await;
        let said = until_closed(&mut line).await;
        assert!(said.starts_with("HTTP/1.1 503") && said.contains("retry-after"), "{said}");
    };
    let idle = async {
        let said = until_closed(&mut says("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await).await;
        assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    };
    let deaf = async {
        let mut line = says("").await;
        let asked = "GET /api/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(100);
        // Asks on and reads nothing: the buffers fill, then the server waits, then it does not.
        while line.write_all(asked.as_bytes()).await.is_ok() && begun.elapsed() < LONG {}
    };
    let (silent, greeting, ..) = tokio::join!(silent, greeting, headers, body, idle, deaf);
    assert!(silent.is_empty() && greeting.is_empty());
    assert!(begun.elapsed() < LONG, "all of them are gone");
    assert_eq!(get(&client_in(0), &server, "/healthz").await.status, 200);
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_versions_of_http_are_spoken_and_who_says_nothing_does_not_hold_up_the_end() {
    // RFC 9113, 3.4 and 6.5: the preface, then an empty frame of settings, which is how the server begins, too.
    const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    let place = Place::new();
    let server = place.serve(&[]).await;
    let mut two = line_in(&place, 0).await.unwrap();
    for part in [&PREFACE[..2], &PREFACE[2..20], &PREFACE[20..]] {
        two.write_all(part).await.unwrap();
        two.flush().await.unwrap();
        // Answered behind it, so that each part was looked at by itself.
        assert_eq!(get(&client_in(0), &server, "/healthz").await.status, 200);
    }
    let mut frame = [0; 9];
    timeout(LONG, two.read_exact(&mut frame)).await.unwrap().unwrap();
    assert_eq!((frame[3], &frame[5..]), (4, &[0, 0, 0, 0][..]), "{frame:?}");
    drop(two);
    let mut one = line_in(&place, 0).await.unwrap();
    one.write_all(b"PUT /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    assert!(until_closed(&mut one).await.starts_with("HTTP/1.1 405"));
    let silent = line_in(&place, 0).await.unwrap();
    // Behind it in the queue, so that it was accepted when this is answered.
    assert_eq!(get(&client_in(0), &server, "/healthz").await.status, 200);
    let begun = Instant::now();
    server.stop();
    assert!(begun.elapsed() < Duration::from_secs(8), "the end waited for somebody who says nothing");
    drop(silent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_at_work_are_bounded_and_a_loud_site_leaves_room() {
    let place = Place::new();
    place.add_site("quiet");
    let server = place.serve(&["max_requests=8", "request_timeout_ms=120000"]).await;
    let mut lines = Vec::new();
    // Requests whose bodies never come are at work until their time is over: four of the loud blog, from two networks.
    for network in [0, 0, 1, 1] {
        let head =
            "POST /api/v1/sites/blog/comments HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\nexpect: 100-continue\r\n\r\n";
        let mut line = line_in(&place, network).await.unwrap();
        line.write_all(head.as_bytes()).await.unwrap();
        let mut said = [0; 12];
        // Said when somebody begins to read the body (RFC 9110, 10.1.1): it is at work.
        timeout(LONG, line.read_exact(&mut said)).await.unwrap().unwrap();
        assert_eq!(&said, b"HTTP/1.1 100");
        lines.push(line);
    }
    let third = client_in(2);
    let refused = get(&third, &server, "/api/v1/sites/blog/latest").await;
    assert_refused(&refused, 503, "busy");
    assert!(refused.took < Duration::from_secs(5), "at once: {refused:?}");
    let other = "/api/v1/sites/quiet/thread?page=/a";
    assert_eq!(get(&third, &server, other).await.status, 200, "half of the places are for others");
    assert_refused(&get(&client_in(1), &server, "/api/v1/sites/quiet/latest").await, 503, "busy");
    for path in ["/healthz", "/metrics"] {
        assert_eq!(get(&client_in(0), &server, path).await.status, 200, "{path}");
    }
    drop(lines);
    let begun = Instant::now();
    while get(&third, &server, "/api/v1/sites/blog/latest").await.status != 200 {
        assert!(begun.elapsed() < LONG, "who has gone gives back the place");
    }
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_of_one_network_are_bounded() {
    let place = Place::new();
    let server = place.serve(&["connections_per_network=6", "slow_client_ms=15000"]).await;
    let mut lines = Vec::new();
    for _ in 0..12 {
        lines.push(line_in(&place, 7).await.unwrap());
    }
    let mut closed = 0;
    for line in &mut lines[6..] {
        assert!(until_closed(line).await.is_empty());
        closed += 1;
    }
    assert_eq!(closed, 6, "what is too much is closed at once");
    assert_eq!(get(&client_in(8), &server, "/healthz").await.status, 200, "another network comes in");
    drop(lines);
    let begun = Instant::now();
    while Answer::of(client_in(7).get(server.url("/healthz"))).await.is_err() {
        assert!(begun.elapsed() < LONG);
    }
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_few_files_may_be_open_more_connections_wait_and_nothing_breaks() {
    let place = Place::new();
    let server = place.serve_with_files(&["connections_per_network=0", "slow_client_ms=3000"], Some(150)).await;
    let mut lines = Vec::new();
    for _ in 0..200 {
        lines.push(line_in(&place, 0).await.unwrap());
    }
    // It is answered when those before it have been cut off.
    assert_eq!(get(&client_in(0), &server, "/readyz").await.status, 200);
    let log = server.log();
    assert!(log.contains("fewer connections than max_connections") && !log.contains("accept failed"), "{log}");
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_or_writes_too_much_waits_and_nobody_else() {
    let place = Place::new();
    place.add_site("quiet");
    let server = place.serve(&["reads_per_minute=20", "writes_per_minute=5"]).await;
    place.wait_for_listener().await;
    let (loud, other) = (client_in(0), client_in(1));
    assert_eq!(get(&other, &server, THREAD).await.status, 200); // now it lies in memory
    let mut refused = None;
    for _ in 0..40 {
        let answer = get(&loud, &server, "/api/v1/sites/blog/latest").await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    assert_refused(&refused.expect("reading is bounded"), 429, "too-fast");
    // An address that anybody can write into a header changes nothing.
    let disguised = loud.get(server.url("/api/v1/sites/blog/latest")).header("x-forwarded-for", "198.51.100.9").header("forwarded", "for=198.51.100.9");
    assert_eq!(Answer::of(disguised).await.unwrap().status, 429);
    assert_eq!(get(&loud, &server, THREAD).await.status, 200, "what lies in memory is not counted");
    assert_eq!(get(&other, &server, "/api/v1/sites/blog/latest").await.status, 200);
    assert_eq!(get(&loud, &server, "/api/v1/sites/quiet/latest").await.status, 200, "another blog is not silenced");
    let post = async |client: &reqwest::Client, site: &str, n: usize| {
        let body = json!({ "page": { "id": "/a" }, "body": format!("{n}"), "author": { "name": "سارة", "email": "sara@mail.example" } });
        Answer::of(client.post(server.url(&format!("/api/v1/sites/{site}/comments"))).json(&body)).await.unwrap()
    };
    for n in 0..5 {
        assert_eq!(post(&loud, "blog", n).await.status, 201);
    }
    assert_refused(&post(&loud, "blog", 6).await, 429, "too-fast");
    assert_eq!(post(&loud, "quiet", 7).await.status, 201, "another blog is not silenced");
    assert_eq!(post(&other, "blog", 8).await.status, 201);
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_proxy_that_is_named_each_reader_counts_alone() {
    let place = Place::new();
    let server = place.serve(&["reads_per_minute=5", "connections_per_network=1", "trusted_proxies=127.0.0.0/24"]).await;
    let proxy = client_in(0);
    let read = async |address: &str| {
        let asked = proxy.get(server.url("/api/v1/sites/blog/latest")).header("x-forwarded-for", address);
        Answer::of(asked).await.unwrap().status
    };
    let mut loud = Vec::new();
    for _ in 0..7 {
        // What stands left of the proxy's own entry, anybody may have written.
        loud.push(read("192.0.2.1, 198.51.100.7").await);
    }
    assert_eq!(loud, [200, 200, 200, 200, 200, 429, 429]);
    assert_eq!(read("198.51.100.9").await, 429, "the same network");
    assert_eq!((read("192.0.2.1").await, read("203.0.113.5").await), (200, 200));
    // Its connections are everybody's: they have no limit of their own.
    let mut lines = vec![line_in(&place, 0).await.unwrap(), line_in(&place, 0).await.unwrap()];
    assert_eq!(read("203.0.113.5").await, 200);
    for line in &mut lines {
        line.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
        assert!(until_closed(line).await.starts_with("HTTP/1.1 200"));
    }
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_are_bounded_also_when_they_do_not_say_how_long_they_are() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let head = "POST /api/v1/sites/blog/comments HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    for (more, block) in
        [("content-length: 900000000\r\n\r\n", "x".repeat(65_536)), ("transfer-encoding: chunked\r\n\r\n", format!("10000\r\n{}\r\n", "x".repeat(65_536)))]
    {
        let mut line = line_in(&place, 0).await.unwrap();
        line.write_all(format!("{head}{more}").as_bytes()).await.unwrap();
        let mut sent = 0;
        while line.write_all(block.as_bytes()).await.is_ok() {
            sent += block.len();
            assert!(sent < 64 * 1024 * 1024, "it is read without end");
        }
    }
    assert_eq!(get(&client_in(0), &server, "/healthz").await.status, 200);
    server.stop();
}

/// Listens, and reads the head of the answer.
async fn listen(place: &Place, network: u8) -> (TcpStream, String) {
    let mut line = line_in(place, network).await.unwrap();
    line.write_all(format!("GET {EVENTS} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await.unwrap();
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && timeout(LONG, line.read(&mut byte)).await.unwrap().unwrap() == 1 {
        head.push(byte[0]);
    }
    (line, String::from_utf8_lossy(&head).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn listeners_are_bounded_by_network_and_in_all() {
    let place = Place::new();
    let server = place.serve(&["listeners_per_network=3", "max_listeners=5"]).await;
    let mut lines = Vec::new();
    for (network, status) in [(0, 200), (0, 200), (0, 200), (0, 429), (1, 200), (1, 200), (2, 503)] {
        let (line, head) = listen(&place, network).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{network}: {head}");
        if status == 200 {
            lines.push(line);
        } else {
            assert!(head.contains("retry-after"), "{head}");
        }
    }
    lines.clear();
    let begun = Instant::now();
    while !listen(&place, 2).await.1.starts_with("HTTP/1.1 200") {
        assert!(begun.elapsed() < LONG, "who has gone gives back the place");
    }
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_listeners_cost_little() {
    const LISTENERS: u64 = 1000;
    let place = Place::new();
    let server = place.serve(&["listeners_per_network=2000", "connections_per_network=0"]).await;
    drop(listen(&place, 0).await);
    let before = server.resident();
    let mut lines = Vec::new();
    for _ in 0..LISTENERS {
        let (line, head) = listen(&place, 0).await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        lines.push(line);
    }
    // The program of a test is a development build, whose futures are larger than those of a release.
    let most = if cfg!(debug_assertions) { 26 } else { 20 } * 1024 * 1024;
    let more = server.resident().saturating_sub(before);
    println!("{LISTENERS} idle listeners: {:.1} MiB, {} bytes each", more as f64 / 1048576.0, more / LISTENERS);
    assert!(more < most, "{more} bytes for {LISTENERS} listeners");
    drop(lines);
    server.stop();
}
