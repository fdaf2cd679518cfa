//! Builds the widget, so that a plain `cargo run` needs no other step.
//!
//! A second cargo compiles `widget/` for WebAssembly, `wasm-bindgen` (as a
//! library, at exactly the version of the macro) writes its glue, everything is
//! compressed once and becomes a table of constants that `src/assets.rs` includes.
//!
//! `JIWAR_WIDGET_DIST=folder` takes a ready-made `widget.js` and `widget.wasm`
//! (for packagers; every build leaves them in `OUT_DIR/widget`).
//! `JIWAR_SKIP_WIDGET=1` builds none (for quick checks of the server): pages then
//! link to the discuss page.

use flate2::{Compression, write::GzEncoder};
use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_minifier::{CompressOptions, MangleOptions, Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;
use sha2::{Digest, Sha256};
use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, exit},
};

const TARGET: &str = "wasm32-unknown-unknown";
const ADD_TARGET: &str = "rustup target add wasm32-unknown-unknown";
/// Older ones do not know what rustc emits by default.
const OLDEST_WASM_OPT: u32 = 117;

/// One file as the server will send it.
struct Asset {
    name: &'static str,
    mime: &'static str,
    raw: Vec<u8>,
    br: Vec<u8>,
    gz: Vec<u8>,
}

#[expect(clippy::disallowed_methods, reason = "a build script says that it failed by its exit code, without a trace that nobody needs")]
fn main() {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")).join("..");
    let out = PathBuf::from(variable("OUT_DIR"));
    watch(&root);
    if let Err(why) = build(&root, &out) {
        println!("cargo:warning=the widget could not be built");
        eprintln!("\n{why}\n");
        exit(1);
    }
}

fn build(root: &Path, out: &Path) -> Result<(), String> {
    let loader = root.join("widget/loader");
    let style = tight_style(&read(&root.join("widget/style/style.css"))?);
    // Pages of the server's own: the thread's style, and what stands around it there.
    let page = style.clone() + &tight_style(&read(&root.join("widget/style/page.css"))?);
    let css = |name, text: String| Asset::new(name, "text/css; charset=utf-8", text.into_bytes());
    let mut assets = vec![css("style.css", style), css("page.css", page)];
    let skip = env::var("JIWAR_SKIP_WIDGET").is_ok_and(|v| !v.is_empty() && v != "0");
    let template = if skip {
        read(&loader.join("skipped.js"))?
    } else {
        let (glue, wasm) = match env::var_os("JIWAR_WIDGET_DIST").filter(|v| !v.is_empty()) {
            Some(folder) => ready_made(Path::new(&folder))?,
            None => compile(root, out)?,
        };
        keep(out, &glue, &wasm)?;
        let glue = minified(&glue, SourceType::mjs())?;
        let script = |name, text: String| Asset::new(name, "text/javascript; charset=utf-8", text.into_bytes());
        assets.push(script("widget.js", glue));
        assets.push(Asset::new("widget.wasm", "application/wasm", wasm));
        let watch = read(&loader.join("watch.js"))?.replace("{{style}}", &tight_style(&read(&root.join("widget/style/watch.css"))?));
        assets.push(script("watch.js", minified(&watch, SourceType::mjs())?));
        assets.push(script("proof.js", minified(&read(&loader.join("proof.js"))?, SourceType::mjs())?));
        read(&loader.join("embed.js"))?
    };
    let hash = digest(assets.iter().map(|a| a.raw.as_slice()));
    let script = minified(&template, SourceType::cjs())?.replace("{{hash}}", &hash);
    let embed = Asset::new("embed.js", "text/javascript; charset=utf-8", script.into_bytes());
    write(&out.join("widget-sizes.txt"), size_table(&embed, &assets).as_bytes())?;
    write(&out.join("assets_table.rs"), table(out, &hash, skip, &embed, &assets)?.as_bytes())
}

/// What makes this script run again. A folder counts with all that is in it.
fn watch(root: &Path) {
    for path in [
        "server/build.rs",
        "Cargo.lock",
        "Cargo.toml",
        "widget/Cargo.toml",
        "widget/src",
        "widget/loader",
        "widget/style",
        "widget/view/Cargo.toml",
        "widget/view/src",
        "widget/wire/Cargo.toml",
        "widget/wire/src",
    ] {
        println!("cargo:rerun-if-changed={}", root.join(path).display());
    }
    println!("cargo:rerun-if-env-changed=JIWAR_WIDGET_DIST");
    println!("cargo:rerun-if-env-changed=JIWAR_SKIP_WIDGET");
}

fn ready_made(folder: &Path) -> Result<(String, Vec<u8>), String> {
    println!("cargo:rerun-if-changed={}", folder.display());
    let wasm = fs::read(folder.join("widget.wasm")).map_err(|e| format!("JIWAR_WIDGET_DIST: {}: {e}", folder.join("widget.wasm").display()))?;
    Ok((read(&folder.join("widget.js"))?, wasm))
}

/// Source to glue and WebAssembly.
fn compile(root: &Path, out: &Path) -> Result<(String, Vec<u8>), String> {
    have_target()?;
    let wasm = cargo(root, &target_folder(out))?;
    let fail = |e: &dyn std::fmt::Display| format!("wasm-bindgen: {e}");
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen.input_path(&wasm).out_name("widget").typescript(false).omit_default_module_path(true);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.web(true).map_err(|e| fail(&e))?;
    let mut output = bindgen.generate_output().map_err(|e| fail(&e))?;
    if output.snippets().values().any(|list| !list.is_empty()) || !output.local_modules().is_empty() {
        return Err("the widget's glue must be one file: no inline_js, no module = \"/…\"".into());
    }
    let glue = with_own_start(&tight(output.js()), &read(&root.join("widget/loader/glue.js"))?)?;
    let module = output.wasm_mut();
    silence(module)?;
    let glue = shorten(module, glue)?;
    // For tools that read the module; a browser does not.
    module.customs.remove_raw("target_features");
    Ok((glue, optimise(root, out, module.emit_wasm())))
}

/// Nobody reads what a panic in the browser has to say: it ends the module in any
/// case. What would put its words together is a twentieth of the widget. A trap
/// stands in its place, and in the place of the formatting that only it asks for.
fn silence(module: &mut walrus::Module) -> Result<(), String> {
    const PANICS: [&str; 6] = ["core::panicking", "std::panicking", "rust_oom", "handle_alloc_error", "expect_failed", "unwrap_failed"];
    const FORMATS: [&str; 3] = ["core::fmt", "alloc::fmt", "core::str::count"];
    let mut trap = None;
    for function in module.funcs.iter_mut() {
        let id = function.id();
        if is_of(function, &PANICS)
            && let walrus::FunctionKind::Local(local) = &mut function.kind
        {
            let entry = local.entry_block();
            local.block_mut(entry).instrs.clear();
            local.builder_mut().func_body().unreachable();
            trap = Some(id);
        }
    }
    let Some(trap) = trap else { return Err("the widget's functions have no names, or none panics any more".into()) };
    // Panics reach formatting through the table of functions, where it stands by its address.
    for element in module.elements.iter_mut() {
        if let walrus::ElementItems::Functions(list) = &mut element.items {
            for id in list.iter_mut().filter(|id| is_of(module.funcs.get(**id), &FORMATS)) {
                *id = trap;
            }
        }
    }
    walrus::passes::gc::run(module);
    let pieces: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    for id in pieces {
        blank(&mut module.data.get_mut(id).value);
    }
    match module.funcs.iter().find(|function| is_of(function, &FORMATS)) {
        Some(left) => Err(format!("the widget uses {}, which would not work and weighs too much: write it by hand", left.name.as_deref().unwrap_or_default())),
        None => Ok(()),
    }
}

/// What is left of their words: where in the library it was.
fn blank(data: &mut [u8]) {
    while let Some(from) = data.windows(7).position(|piece| piece == b"/rustc/") {
        let length = data[from..].windows(3).position(|piece| piece == b".rs").map_or(7, |end| end + 3);
        data[from..from + length].fill(0);
    }
}

/// Whether a function's name has one of these parts. Names of the standard library come with
/// hashes in brackets.
fn is_of(function: &walrus::Function, parts: &[&str]) -> bool {
    let Some(name) = &function.name else { return false };
    let mut plain = String::with_capacity(name.len());
    for (n, piece) in name.split('[').enumerate() {
        plain.push_str(if n == 0 { piece } else { piece.split_once(']').map_or(piece, |(_, rest)| rest) });
    }
    parts.iter().any(|part| plain.contains(part))
}

/// The names by which module and glue know each other end in hashes, which do not
/// compress: they would be a tenth of the widget.
fn shorten(module: &mut walrus::Module, mut glue: String) -> Result<String, String> {
    let changed = |name: &str| format!("wasm-bindgen's glue does not name {name} as it used to");
    let mut replace = |long: &str, short: &str, count: Option<usize>| {
        let found = glue.matches(long).count();
        if found == 0 || count.is_some_and(|count| count != found) {
            return Err(changed(long));
        }
        glue = glue.replace(long, short);
        Ok(())
    };
    replace("\"./widget_bg.js\": import0", "_: import0", Some(1))?;
    for (n, import) in module.imports.iter_mut().enumerate() {
        let short = short_name(n);
        replace(&format!("\n{}:", import.name), &format!("\n{short}:"), Some(1))?;
        import.module = "_".into();
        import.name = short;
    }
    // One that is the beginning of another comes after it.
    let mut exports: Vec<_> = module.exports.iter_mut().filter(|export| export.name.contains("__")).collect();
    exports.sort_by_key(|export| std::cmp::Reverse(export.name.len()));
    let mut unused = Vec::new();
    for (n, export) in exports.into_iter().enumerate() {
        let short = format!("_{}", short_name(n));
        match replace(&format!("wasm.{}", export.name), &format!("wasm.{short}"), None) {
            Ok(()) => export.name = short,
            Err(_) => unused.push(export.id()),
        }
    }
    for id in unused {
        module.exports.delete(id);
    }
    walrus::passes::gc::run(module);
    Ok(glue)
}

/// a, b, … z, A, … Z, then two letters.
fn short_name(n: usize) -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let last = char::from(LETTERS[n % LETTERS.len()]);
    match n / LETTERS.len() {
        0 => last.to_string(),
        before => short_name(before - 1) + &last.to_string(),
    }
}

/// The glue can be started in many ways for many browsers, which is a fifth of
/// it; the loader knows one. `own` is what we have the browser do in its own language.
fn with_own_start(glue: &str, own: &str) -> Result<String, String> {
    let (kept, _) = glue.split_once("async function __wbg_load(").ok_or("wasm-bindgen's glue does not start as it used to")?;
    Ok(format!(
        "{kept}{own}\nexport default async (path) => __wbg_finalize_init((await WebAssembly.instantiateStreaming(fetch(path, {{ credentials: \"omit\" }}), __wbg_get_imports())).instance);\n"
    ))
}

/// Runs the inner cargo; gives the path of the module.
///
/// It has a target folder of its own: the outer cargo holds the lock of its one
/// until we are done. It must not inherit the outer build's settings either,
/// which are meant for another machine.
fn cargo(root: &Path, target: &Path) -> Result<PathBuf, String> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(belongs_to_outer_build) {
            command.env_remove(&name);
        }
    }
    command.env("CARGO_ENCODED_RUSTFLAGS", without_paths(root));
    command.current_dir(root).args(["build", "--package", "jiwar-widget", "--lib", "--profile", "widget", "--target", TARGET, "--target-dir"]).arg(target);
    let done = command.output().map_err(|e| format!("cargo could not be started: {e}"))?;
    if !done.status.success() {
        return Err(format!("the widget did not compile:\n{}", String::from_utf8_lossy(&done.stderr)));
    }
    Ok(target.join(TARGET).join("widget/jiwar_widget.wasm"))
}

/// Panics name the source file; without this, with the folders of this machine,
/// and the same sources would give another module elsewhere.
fn without_paths(root: &Path) -> String {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"))?).join(".cargo")));
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    let flags: Vec<String> = [Some(remap(&root, "jiwar")), home.map(|home| remap(&home, "cargo"))].into_iter().flatten().collect();
    flags.join("\u{1f}")
}

fn belongs_to_outer_build(name: &str) -> bool {
    const KEPT: [&str; 6] = ["CARGO_HOME", "CARGO_NET_", "CARGO_HTTP_", "CARGO_REGISTRIES_", "CARGO_REGISTRY_", "CARGO_SOURCE_"];
    const OTHERS: [&str; 12] = [
        "RUSTFLAGS",
        "RUSTDOCFLAGS",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTC_LINKER",
        "TARGET",
        "HOST",
        "OUT_DIR",
        "OPT_LEVEL",
        "PROFILE",
        "DEBUG",
        "NUM_JOBS",
        "CARGO",
    ];
    OTHERS.contains(&name) || name.starts_with("CLIPPY_") || (name.starts_with("CARGO_") && !KEPT.iter().any(|kept| name.starts_with(kept)))
}

/// `target/wasm`, beside `target/debug`, wherever the outer cargo keeps its things.
fn target_folder(out: &Path) -> PathBuf {
    // OUT_DIR is <target>/[<triple>/]<profile>/build/<package>/out.
    out.ancestors().nth(4).unwrap_or(out).join("wasm")
}

/// Sees to it that the compiler can make WebAssembly.
fn have_target() -> Result<(), String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let sysroot = Command::new(rustc).args(["--print", "sysroot"]).output().map_err(|e| format!("rustc could not be started: {e}"))?;
    let installed = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim()).join("lib/rustlib").join(TARGET).join("lib");
    if installed.is_dir() {
        return Ok(());
    }
    let added = Command::new("rustup").args(["target", "add", TARGET]).status().is_ok_and(|s| s.success());
    if added && installed.is_dir() {
        return Ok(());
    }
    Err(format!("The widget is compiled to WebAssembly, and this toolchain cannot do it yet. Please run once:\n\n    {ADD_TARGET}\n"))
}

/// What Rust's modules use (the module itself does not say so any more).
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// `wasm-opt` where there is one that is new enough; it saves a few per cent.
fn optimise(root: &Path, out: &Path, wasm: Vec<u8>) -> Vec<u8> {
    let try_one = |tool: &Path| -> Option<Vec<u8>> {
        let version = Command::new(tool).arg("--version").output().ok()?;
        let version = String::from_utf8_lossy(&version.stdout);
        let number = version.split_whitespace().find_map(|word| word.parse::<u32>().ok())?;
        if number < OLDEST_WASM_OPT {
            return None;
        }
        let (before, after) = (out.join("before.wasm"), out.join("after.wasm"));
        fs::write(&before, &wasm).ok()?;
        let done = Command::new(tool).arg("-Oz").args(FEATURES).arg(&before).arg("-o").arg(&after).output().ok()?;
        if done.status.success() { fs::read(&after).ok().filter(|new| new.len() < wasm.len()) } else { None }
    };
    let tools = [root.join("node_modules/.bin/wasm-opt"), PathBuf::from("wasm-opt")];
    tools.iter().find_map(|tool| try_one(tool)).unwrap_or(wasm)
}

/// Leaves what was compiled where a packager can take it from.
fn keep(out: &Path, glue: &str, wasm: &[u8]) -> Result<(), String> {
    let folder = out.join("widget");
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    write(&folder.join("widget.js"), glue.as_bytes())?;
    write(&folder.join("widget.wasm"), wasm)
}

/// Drops indentation, empty lines and comments that have lines of their own.
/// The sources must not carry a template or string over a line's end.
fn tight(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut comment = false;
    for line in source.lines() {
        let mut line = line.trim();
        if comment || line.starts_with("/*") {
            let end = line.find("*/");
            comment = end.is_none();
            line = end.map_or("", |at| line[at + 2..].trim());
        }
        if !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// A style without the blanks that only people need. Those before a colon, and around the
/// signs of a sum, mean something; those in quotes are content.
fn tight_style(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    for (n, piece) in tight(source).replace('\n', " ").split('"').enumerate() {
        if n > 0 {
            out.push('"');
        }
        if n % 2 == 1 {
            out.push_str(piece);
            continue;
        }
        for c in piece.chars() {
            if c == ' ' && out.ends_with([' ', '{', '}', ';', ':', ',', '>']) {
                continue;
            }
            if matches!(c, '{' | '}' | '>') && out.ends_with([' ', ';']) {
                let end = out.trim_end_matches([' ']).len();
                out.truncate(end);
                if c == '}' && out.ends_with(';') {
                    out.pop();
                }
            }
            out.push(c);
        }
    }
    out.trim().to_owned()
}

/// A script in as few bytes as it can be said in (oxc). `kind` tells a module from a plain script.
fn minified(source: &str, kind: SourceType) -> Result<String, String> {
    let allocator = Allocator::default();
    let mut parsed = Parser::new(&allocator, source, kind).parse();
    if let Some(fault) = parsed.diagnostics.first() {
        return Err(format!("a script of the widget cannot be parsed: {fault}"));
    }
    let options = MinifierOptions { mangle: Some(MangleOptions::default()), compress: Some(CompressOptions::smallest()), mangle_properties: None };
    let done = Minifier::new(options).minify(&allocator, &mut parsed.program);
    Ok(Codegen::new().with_options(CodegenOptions::minify()).with_scoping(done.scoping).build(&parsed.program).code)
}

impl Asset {
    fn new(name: &'static str, mime: &'static str, raw: Vec<u8>) -> Self {
        let mut gz = GzEncoder::new(Vec::new(), Compression::best());
        // Writing to memory does not fail; an empty result would be seen by the tests of the table.
        let _ = gz.write_all(&raw);
        // Which window is best the content decides.
        let packed = [16, 18, 22].map(|lgwin| {
            let mut br = Vec::new();
            let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin, size_hint: raw.len(), ..Default::default() };
            let _ = brotli::BrotliCompress(&mut raw.as_slice(), &mut br, &params);
            br
        });
        let br = packed.into_iter().min_by_key(Vec::len).unwrap_or_default();
        Self { name, mime, br, gz: gz.finish().unwrap_or_default(), raw }
    }
}

/// 16 hexadecimal digits over all parts.
fn digest<'a>(parts: impl Iterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn size_table(embed: &Asset, assets: &[Asset]) -> String {
    let mut text = format!("{:<12} {:>8} {:>8} {:>8}\n", "bytes", "raw", "gzip", "brotli");
    let mut line = |name: &str, of: &[&Asset]| {
        let sum = |size: fn(&Asset) -> usize| of.iter().map(|a| size(a)).sum::<usize>();
        text.push_str(&format!("{name:<12} {:>8} {:>8} {:>8}\n", sum(|a| a.raw.len()), sum(|a| a.gz.len()), sum(|a| a.br.len())));
    };
    let all: Vec<&Asset> = std::iter::once(embed).chain(assets).collect();
    for asset in &all {
        line(asset.name, &[asset]);
    }
    let of = |names: &[&str]| -> Vec<&Asset> { all.iter().copied().filter(|asset| names.contains(&asset.name)).collect() };
    line("reading", &of(&["embed.js", "style.css"]));
    line("writing", &of(&["embed.js", "style.css", "widget.js", "widget.wasm"]));
    text
}

/// The Rust source that `src/assets.rs` includes.
fn table(out: &Path, hash: &str, skip: bool, embed: &Asset, assets: &[Asset]) -> Result<String, String> {
    let folder = out.join("assets");
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let entry = |asset: &Asset, path: &str| -> Result<String, String> {
        let mut bytes = String::new();
        for (field, ending, content) in [("raw", "raw", &asset.raw), ("br", "br", &asset.br), ("gz", "gz", &asset.gz)] {
            let file = folder.join(format!("{}.{ending}", asset.name));
            write(&file, content)?;
            bytes.push_str(&format!(", {field}: include_bytes!({file:?})"));
        }
        let etag = format!("\"{}\"", digest(std::iter::once(asset.raw.as_slice())));
        Ok(format!("Asset {{ path: {path:?}, mime: {:?}, etag: {etag:?}{bytes} }}", asset.mime))
    };
    let mut text = format!("/// Over all files of the widget.\npub const HASH: &str = {hash:?};\n");
    text.push_str(&format!("/// True when the build left the widget out.\npub const SKIPPED: bool = {skip};\n"));
    text.push_str(&format!("/// Where pages of our own find their style.\npub const STYLE_PATH: &str = \"/widget/{hash}/page.css\";\n"));
    text.push_str(&format!("/// The script that blogs name.\npub const EMBED_JS: Asset = {};\n", entry(embed, "/embed.js")?));
    let entries: Vec<String> = assets.iter().map(|a| entry(a, &format!("/widget/{hash}/{}", a.name))).collect::<Result<_, _>>()?;
    text.push_str(&format!("static WIDGET: [Asset; {}] = [{}];\n", entries.len(), entries.join(", ")));
    Ok(text)
}

#[expect(clippy::disallowed_methods, reason = "as in main")]
fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| {
        eprintln!("{name} is not set: this is cargo's build script");
        exit(1)
    })
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|e| format!("{}: {e}", path.display()))
}
