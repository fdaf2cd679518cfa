//! The bytes of a file: plain, gzip, or a zip file with one file in it.
//!
//! What a file is, its first bytes say; what it says of its own size is never
//! believed. Nothing is unpacked to disk and no name inside a zip is used.

use super::Unreadable;
use flate2::{CrcReader, bufread::MultiGzDecoder, read::DeflateDecoder};
use std::{
    fs::File,
    io::{self, BufReader, Cursor, Read, Seek, SeekFrom},
    path::Path,
    sync::Arc,
};
use zip::{CompressionMethod, ZipArchive};

/// Unpacked bytes that are never called too many.
const FREE: u64 = 64 << 20;
/// Above that, the most that one packed byte may unpack to. Text packs to a
/// tenth or a twentieth; a trap packs a thousandfold.
const RATIO: u64 = 100;

trait Bytes: Read + Seek + Send {}
impl<T: Read + Seek + Send> Bytes for T {}

type Open = dyn Fn() -> io::Result<Box<dyn Bytes>> + Send + Sync;
type Stream = dyn Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync;

/// A file that can be read more than once.
pub struct Input(Source);

enum Source {
    File(Box<Open>),
    Stream(Box<Stream>),
}

impl Input {
    /// A file on disk. It is opened anew for each reading.
    pub fn file(path: &Path) -> Result<Self, Unreadable> {
        if !std::fs::metadata(path)?.is_file() {
            return Err(Unreadable::NotAFile);
        }
        let path = path.to_owned();
        Ok(Self(Source::File(Box::new(move || Ok(Box::new(File::open(&path)?))))))
    }

    /// Bytes in memory.
    pub fn bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        Self(Source::File(Box::new(move || Ok(Box::new(Cursor::new(bytes.clone()))))))
    }

    /// Text that is made while it is read, the same at each call of `open`.
    pub fn stream(open: impl Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync + 'static) -> Self {
        Self(Source::Stream(Box::new(open)))
    }

    /// Starts reading at the beginning, unpacking what is packed.
    pub(super) fn reader(&self) -> Result<Box<dyn Read + Send>, Unreadable> {
        let open = match &self.0 {
            Source::Stream(open) => return Ok(open()?),
            Source::File(open) => open,
        };
        let mut file = open()?;
        let size = file.seek(SeekFrom::End(0))?;
        if size == 0 {
            return Err(Unreadable::Empty);
        }
        file.rewind()?;
        let mut magic = [0; 4];
        let got = read_up_to(&mut file, &mut magic)?;
        file.rewind()?;
        match magic.get(..got) {
            Some([0x1f, 0x8b, ..]) => Ok(Box::new(Unpacked::new(MultiGzDecoder::new(BufReader::new(file)), size))),
            Some(b"PK\x03\x04" | b"PK\x05\x06") => only_member(file),
            _ => Ok(Box::new(file)),
        }
    }
}

fn read_up_to(from: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while let Some(rest) = into.get_mut(got..).filter(|r| !r.is_empty()) {
        match from.read(rest)? {
            0 => break,
            n => got += n,
        }
    }
    Ok(got)
}

/// The one file of a zip file.
fn only_member(file: Box<dyn Bytes>) -> Result<Box<dyn Read + Send>, Unreadable> {
    let damaged = |e: zip::result::ZipError| Unreadable::Damaged(e.to_string());
    let mut zip = ZipArchive::new(file).map_err(damaged)?;
    let mut members = Vec::new();
    for i in 0..zip.len() {
        let member = zip.by_index_raw(i).map_err(damaged)?;
        // macOS adds a folder of its own with the files' attributes.
        if !member.is_dir() && !member.name().is_ok_and(|name| name.starts_with("__MACOSX/")) {
            members.push(i);
        }
    }
    let &[index] = members.as_slice() else { return Err(Unreadable::ZipCount(members.len())) };
    let member = zip.by_index_raw(index).map_err(damaged)?;
    if member.encrypted() {
        return Err(Unreadable::ZipLocked);
    }
    let (method, size, crc) = (member.compression(), member.compressed_size(), member.crc32());
    let start = member.data_start().ok_or_else(|| Unreadable::Damaged("its list of files is wrong".into()))?;
    drop(member);
    let mut file = zip.into_inner();
    file.seek(SeekFrom::Start(start))?;
    let packed = file.take(size);
    match method {
        CompressionMethod::Stored => Ok(Box::new(Checked { inner: CrcReader::new(packed), crc })),
        CompressionMethod::Deflated => Ok(Box::new(Checked { inner: CrcReader::new(Unpacked::new(DeflateDecoder::new(packed), size)), crc })),
        other => Err(Unreadable::ZipMethod(other.to_string())),
    }
}

/// Unpacked bytes, counted.
struct Unpacked<R> {
    inner: R,
    packed: u64,
    total: u64,
}

impl<R> Unpacked<R> {
    fn new(inner: R, packed: u64) -> Self {
        Self { inner, packed: packed.max(1), total: 0 }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf).map_err(|e| match e.kind() {
            io::ErrorKind::Interrupted => e,
            io::ErrorKind::UnexpectedEof => Unreadable::CutShort("the packed data ends in the middle; copy or download it again".into()).into_io(),
            _ => Unreadable::Damaged(e.to_string()).into_io(),
        })?;
        self.total += n as u64;
        if self.total > FREE && self.total / self.packed > RATIO {
            return Err(Unreadable::Bomb(RATIO, FREE >> 20).into_io());
        }
        Ok(n)
    }
}

/// Compares the checksum at the end.
struct Checked<R> {
    inner: CrcReader<R>,
    crc: u32,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        if n == 0 && !buf.is_empty() && self.inner.crc().sum() != self.crc {
            return Err(Unreadable::Damaged("its checksum is wrong".into()).into_io());
        }
        Ok(n)
    }
}
