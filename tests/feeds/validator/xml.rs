//! A feed as a tree, read strictly: what is not well-formed or not in its namespace is found here.

use quick_xml::XmlVersion;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::Findings;
use super::values;

/// An element, its names resolved.
#[derive(Debug, Clone, Default)]
pub struct Element {
    /// Its namespace; empty where it has none.
    pub space: String,
    /// Its name without prefix.
    pub name: String,
    /// Its attributes by their names as written; declarations of namespaces left out.
    pub attributes: Vec<(String, String)>,
    /// Its children, in order.
    pub children: Vec<Element>,
    /// Its own text.
    pub text: String,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The children of that name in that namespace.
    pub fn all<'a>(&'a self, space: &'a str, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.space == space && child.name == name)
    }

    pub fn first<'a>(&'a self, space: &'a str, name: &'a str) -> Option<&'a Element> {
        self.all(space, name).next()
    }
}

/// The root of a document; `None` where it cannot be read at all.
pub fn read(text: &str, findings: &mut Findings) -> Option<Element> {
    for c in text.chars() {
        if !values::is_legal(c) {
            findings.add("SAXError", format!("{c:?} is no character of XML 1.0"));
        }
    }
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut open = vec![Element::default()];
    let mut declared = false;
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                findings.add("SAXError", error.to_string());
                return None;
            }
        };
        match event {
            Event::Decl(decl) => {
                declared = true;
                if decl.version().ok().as_deref() != Some(b"1.0") {
                    findings.add("BadXmlVersion", "");
                }
                match decl.encoding() {
                    Some(Ok(encoding)) if encoding.eq_ignore_ascii_case(b"utf-8") => {}
                    Some(_) => findings.add("NonstdEncoding", ""),
                    None => findings.add("MissingEncoding", ""),
                }
            }
            Event::Start(start) => {
                let element = element(&start, &reader, findings);
                open.push(element);
            }
            Event::Empty(start) => {
                let element = element(&start, &reader, findings);
                open.last_mut()?.children.push(element);
            }
            Event::End(_) => {
                let ended = open.pop()?;
                open.last_mut()?.children.push(ended);
            }
            Event::Text(text) => {
                let text = text.decode().ok()?.into_owned();
                open.last_mut()?.text.push_str(&text);
            }
            Event::CData(text) => {
                let text = text.decode().ok()?.into_owned();
                open.last_mut()?.text.push_str(&text);
            }
            Event::GeneralRef(reference) => {
                let name = reference.decode().ok()?;
                match unescape(&format!("&{name};")) {
                    Ok(text) => open.last_mut()?.text.push_str(&text),
                    Err(_) => findings.add("UndefinedNamedEntity", name),
                }
            }
            Event::DocType(_) => findings.add("InvalidDoctype", ""),
            Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => break,
        }
    }
    if !declared {
        findings.add("MissingEncoding", "");
    }
    if open.len() != 1 {
        findings.add("SAXError", "an element is not closed");
        return None;
    }
    let top = open.pop()?;
    if top.children.len() != 1 || !top.text.trim().is_empty() {
        findings.add("SAXError", "one root and nothing beside it");
    }
    let root = top.children.into_iter().next()?;
    characters(&root, findings);
    Some(root)
}

fn element(start: &BytesStart<'_>, reader: &NsReader<&[u8]>, findings: &mut Findings) -> Element {
    let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
    let space = match reader.resolver().resolve_element(start.name()).0 {
        ResolveResult::Bound(space) => String::from_utf8_lossy(space.as_ref()).into_owned(),
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(_) => {
            findings.add("MissingNamespace", &name);
            String::new()
        }
    };
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let Ok(attribute) = attribute else {
            findings.add("SAXError", format!("an attribute of {name}"));
            continue;
        };
        let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        if key == "xmlns" || key.starts_with("xmlns:") {
            continue;
        }
        if key.contains(':')
            && !key.starts_with("xml:")
            && matches!(reader.resolver().resolve_attribute(attribute.key).0, ResolveResult::Unknown(_))
        {
            findings.add("MissingNamespace", &key);
        }
        match attribute.decoded_and_normalized_value(XmlVersion::default(), reader.decoder()) {
            Ok(value) => attributes.push((key, value.into_owned())),
            Err(error) => findings.add("SAXError", error.to_string()),
        }
    }
    Element { space, name, attributes, ..Element::default() }
}

/// The characters that are well-formed and still wrong.
fn characters(element: &Element, findings: &mut Findings) {
    let values = element.attributes.iter().map(|(_, value)| value).chain([&element.text]);
    for value in values {
        if let Some(bad) =
            value.chars().find(|c| matches!(c, '\u{80}'..='\u{9f}' | '\u{fffd}') || !values::is_legal(*c))
        {
            findings.add("BadCharacters", format!("{bad:?} in {}", element.name));
        }
    }
    element.children.iter().for_each(|child| characters(child, findings));
}
