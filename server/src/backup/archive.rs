//! The file itself: written, and read with every byte checked.

use super::{BackupError, at, private};
use jiwar_wire::Time;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

pub const DATABASE: &str = "jiwar.sqlite";
pub const SECRET: &str = "secret.key";
const SETTINGS: &str = "settings.toml";
const LIST: &str = "backup.json";
/// The version of the file's form.
const VERSION: u32 = 1;
/// A list that is longer is none of ours.
const LIST_BYTES: u64 = 64 << 10;
const AT_ONCE: usize = 128 << 10;

/// What goes in.
pub struct Contents {
    pub made_at: Time,
    /// A copy that nobody writes to.
    pub database: PathBuf,
    pub secret: String,
    pub settings: String,
}

/// The list of what is in it.
#[derive(Debug, Serialize, Deserialize)]
pub struct List {
    jiwar: String,
    version: u32,
    pub made_at: Time,
    /// The newest migration of the database.
    pub schema: i64,
    files: BTreeMap<String, Entry>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    bytes: u64,
    sha256: String,
}

/// Writes everything, and returns when it is on disk.
pub fn write(out: File, contents: &Contents) -> io::Result<()> {
    let mut zip = ZipWriter::new(BufWriter::new(out));
    let mut files = BTreeMap::new();
    let mut put = |zip: &mut ZipWriter<BufWriter<File>>, name: &str, from: &mut dyn Read| -> io::Result<()> {
        zip.start_file(name, options())?;
        let entry = copy(from, zip)?;
        files.insert(name.to_owned(), entry);
        Ok(())
    };
    put(&mut zip, DATABASE, &mut BufReader::new(File::open(&contents.database)?))?;
    put(&mut zip, SECRET, &mut contents.secret.trim().as_bytes())?;
    put(&mut zip, SETTINGS, &mut contents.settings.as_bytes())?;
    let list = List { jiwar: "backup".into(), version: VERSION, made_at: contents.made_at, schema: newest_step(), files };
    zip.start_file(LIST, options())?;
    zip.write_all(&serde_json::to_vec_pretty(&list)?)?;
    let file = zip.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()
}

/// Packed lightly: a backup should not take the processor from those who read.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).compression_level(Some(1)).large_file(true).unix_permissions(0o600)
}

/// The newest migration that this program knows.
pub fn newest_step() -> i64 {
    crate::store::migrate::versions().into_iter().map(|(version, _)| version).max().unwrap_or(0)
}

fn copy(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<Entry> {
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut buffer = vec![0; AT_ONCE];
    loop {
        let n = from.read(&mut buffer)?;
        let Some(part) = buffer.get(..n).filter(|part| !part.is_empty()) else { break };
        hash.update(part);
        to.write_all(part)?;
        bytes += part.len() as u64;
    }
    let sha256 = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    Ok(Entry { bytes, sha256 })
}

/// A backup that was opened.
pub struct Archive {
    zip: ZipArchive<BufReader<File>>,
    pub list: List,
}

impl Archive {
    /// Reads the list. The end of the file says where everything is: one that is cut off is refused here.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let file = File::open(path).map_err(at(path))?;
        let mut zip = ZipArchive::new(BufReader::new(file)).map_err(unreadable)?;
        let mut text = String::new();
        zip.by_name(LIST).map_err(unreadable)?.take(LIST_BYTES).read_to_string(&mut text).map_err(unreadable)?;
        let list: List = serde_json::from_str(&text).map_err(unreadable)?;
        if list.jiwar != "backup" || list.version != VERSION || ![DATABASE, SECRET].iter().all(|name| list.files.contains_key(*name)) {
            return Err(BackupError::Unreadable("its list is not one that this version writes".into()));
        }
        Ok(Self { zip, list })
    }

    /// Unpacks the known files into a folder, each under its name and `more`, and compares them with the list.
    pub fn unpack(&mut self, folder: &Path, more: &str) -> Result<Vec<PathBuf>, BackupError> {
        let mut names = Vec::new();
        for name in [SECRET, SETTINGS, DATABASE] {
            let Some(listed) = self.list.files.get(name) else { continue };
            let path = folder.join(format!("{name}{more}"));
            let mut out = private(&path).map_err(at(&path))?;
            // Never more than the list says, whatever the file unpacks to.
            let mut from = self.zip.by_name(name).map_err(unreadable)?.take(listed.bytes.saturating_add(1));
            let mut to = Outgoing { out: &mut out, failed: false };
            let found = copy(&mut from, &mut to);
            let failed = to.failed;
            let found = found.map_err(|why| if failed { BackupError::File(path.clone(), why) } else { unreadable(why) })?;
            if found != *listed {
                return Err(BackupError::Unreadable(format!("{name} in it is not what it was")));
            }
            out.sync_all().map_err(at(&path))?;
            names.push(folder.join(name));
        }
        Ok(names)
    }
}

fn unreadable(why: impl std::fmt::Display) -> BackupError {
    BackupError::Unreadable(why.to_string())
}

/// Tells a disk that takes no more from a backup that cannot be read.
struct Outgoing<'f> {
    out: &'f mut File,
    failed: bool,
}

impl Write for Outgoing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes).inspect_err(|_| self.failed = true)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
