use super::*;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc,
};

/// A lookup whose answers a test owns.
#[derive(Debug)]
struct Book(Vec<IpAddr>);

impl Lookup for Book {
    fn addresses(&self, _: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let found = self.0.clone();
        Box::pin(async move { Ok(found) })
    }
}

fn outgoing(addresses: &[&str], reach: Reach) -> Outgoing {
    let book = Book(addresses.iter().map(|a| a.parse().unwrap()).collect());
    Outgoing::new(Arc::new(book), reach, Duration::from_millis(400)).unwrap()
}

async fn call(from: &Outgoing, to: &str) -> Result<Answer, CallError> {
    from.post(Call { to: &Target::parse(to, Reach::Everywhere).unwrap(), headers: &[("x-mark", "1".into())], body: "{}".into() }).await
}

/// Somebody who says the same to everyone, then hangs up or stays; how many were heard.
async fn receiver(answer: &'static str, stays: bool) -> (u16, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, heard) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = vec![0; 4096];
            let read = stream.read(&mut bytes).await.unwrap_or(0);
            let _ = tell.send(String::from_utf8_lossy(&bytes[..read]).into_owned());
            let _ = stream.write_all(answer.as_bytes()).await;
            if stays {
                open.push(stream);
            }
        }
    });
    (port, heard)
}

#[tokio::test]
async fn a_name_for_an_inward_address_is_not_called() {
    let (port, mut heard) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", false).await;
    for addresses in [&["127.0.0.1"][..], &["::1"], &["::ffff:127.0.0.1"], &["8.8.8.8", "10.0.0.1"], &["169.254.169.254"]] {
        assert_eq!(call(&outgoing(addresses, Reach::Outward), "https://blog.example/").await.unwrap_err(), CallError::Inward, "{addresses:?}");
    }
    let outward = outgoing(&["8.8.8.8"], Reach::Outward);
    for literal in [format!("http://127.0.0.1:{port}/"), format!("https://127.0.0.1:{port}/"), "https://[::1]/".into(), "https://2130706433/".into()] {
        assert_eq!(call(&outward, &literal).await.unwrap_err(), CallError::Inward, "{literal}");
    }
    assert!(heard.try_recv().is_err(), "nobody was called");
    let inward = outgoing(&["127.0.0.1"], Reach::Everywhere);
    assert_eq!(call(&inward, &format!("http://blog.example:{port}/")).await.unwrap().status, 200);
    let request = heard.recv().await.unwrap().to_lowercase();
    assert!(request.contains("host: blog.example") && request.contains("x-mark: 1") && request.contains("user-agent: jiwar/"), "{request}");
}

#[tokio::test]
async fn a_redirection_is_an_answer_and_nothing_more() {
    let (inner, mut heard) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", false).await;
    let text = format!("HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:{inner}/\r\ncontent-length: 0\r\n\r\n");
    let (port, _kept) = receiver(Box::leak(text.into_boxed_str()), false).await;
    let answer = call(&outgoing(&[], Reach::Everywhere), &format!("http://127.0.0.1:{port}/")).await.unwrap();
    assert_eq!(answer.status, 307);
    assert!(heard.try_recv().is_err(), "it was followed");
}

#[tokio::test]
async fn answers_are_bounded_in_time_and_bytes() {
    let out = outgoing(&[], Reach::Everywhere);
    let at = |port: u16| format!("http://127.0.0.1:{port}/");
    let (silent, _kept) = receiver("", true).await;
    assert_eq!(call(&out, &at(silent)).await.unwrap_err(), CallError::TooSlow);
    let (halting, _kept) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", true).await;
    assert_eq!(call(&out, &at(halting)).await.unwrap_err(), CallError::TooSlow);
    let (cut, _kept) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", false).await;
    assert_eq!(call(&out, &at(cut)).await.unwrap_err(), CallError::Cut);
    let (garbage, _kept) = receiver("good morning\r\n\r\n", false).await;
    assert_eq!(call(&out, &at(garbage)).await.unwrap_err(), CallError::Cut);
    let endless: String = format!("HTTP/1.1 200 OK\r\n\r\n{}", "a".repeat(200_000));
    let (long, _kept) = receiver(Box::leak(endless.into_boxed_str()), true).await;
    assert_eq!(call(&out, &at(long)).await.unwrap().body.len(), ANSWER_BYTES);
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    assert_eq!(call(&out, &at(nobody)).await.unwrap_err(), CallError::Unreachable);
}
