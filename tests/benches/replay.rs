//! The spam streams against a live server, at each level.
//!
//! `cargo bench -p jiwar-tests --bench replay` takes the project's own tables;
//! with `JIWAR_SPAM_DATA=FOLDER` also the YouTube, SMS and Arabic ones in that folder.

use jiwar_tests::replay::{LEVELS, Stream, run};
use jiwar_wire::Lang;
use std::{fs, path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    // `cargo test --all-targets` starts benchmarks too: they are not for that.
    if !std::env::args().any(|a| a == "--bench") {
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(replay()),
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

async fn replay() {
    println!("| stream | level | spam | held | put aside | kept out | good | held | put aside | delayed | refused |");
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for stream in streams() {
        for level in LEVELS {
            let o = run(&stream, level).await;
            let percent = |share: f64| format!("{:.1} %", share * 100.0);
            println!(
                "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
                stream.name,
                format!("{level:?}").to_lowercase(),
                o.spam,
                o.spam_held,
                o.spam_aside,
                percent(o.kept_out()),
                o.good,
                o.good_held,
                o.good_aside,
                percent(o.delayed()),
                o.refused
            );
        }
    }
}

fn streams() -> Vec<Stream> {
    let [arabic, by_hand, english] = jiwar::spam::train::OWN;
    let mut all = vec![Stream::mixed("own, Arabic", Lang::Ar, &[arabic, by_hand]), Stream::mixed("own, English", Lang::En, &[english])];
    let Some(folder) = std::env::var_os("JIWAR_SPAM_DATA").map(PathBuf::from) else { return all };
    let outside = [
        ("Arabic by hand", Lang::Ar, "arabic-hand-72.tsv", true),
        ("YouTube", Lang::En, "youtube-3-in-time-order.tsv", false),
        ("SMS", Lang::En, "sms-spam-collection.tsv", false),
    ];
    for (name, locale, file, sorted) in outside {
        match fs::read_to_string(folder.join(file)) {
            Ok(table) if sorted => all.push(Stream::mixed(name, locale, &[&table])),
            Ok(table) => all.push(Stream::in_order(name, locale, &table)),
            Err(why) => eprintln!("{file}: {why}"),
        }
    }
    all
}
