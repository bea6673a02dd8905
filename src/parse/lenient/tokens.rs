use std::cell::RefCell;

use xml5ever::buffer_queue::BufferQueue;
use xml5ever::tendril::StrTendril;
use xml5ever::tokenizer::{ProcessResult, Tag, TagKind, Token, TokenSink, XmlTokenizer, XmlTokenizerOpts};

use crate::parse::Context;
use crate::parse::lenient::gather::{Element, Gather, Gathered};

/// Runs a document through the tokenizer.
pub fn gather(document: &str, context: &Context<'_>) -> Gathered {
    let sink = Sink(RefCell::new(Gather::new(context)));
    let tokenizer = XmlTokenizer::new(sink, XmlTokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(document));
    // It stops at scripts only, and of those there is nothing to run.
    while !queue.is_empty() {
        let _ = tokenizer.feed(&queue);
    }
    tokenizer.end();
    tokenizer.sink.0.into_inner().finish()
}

struct Sink<'a>(RefCell<Gather<'a>>);

impl TokenSink for Sink<'_> {
    type Handle = ();

    fn process_token(&self, token: Token) -> ProcessResult<()> {
        let mut gather = self.0.borrow_mut();
        match token {
            Token::Characters(text) => gather.text(&text),
            Token::Tag(tag) => {
                let kind = tag.kind;
                let element = element(tag);
                match kind {
                    TagKind::StartTag => gather.open(&element, false),
                    TagKind::EmptyTag => gather.open(&element, true),
                    TagKind::EndTag => gather.close(&element),
                    TagKind::ShortTag => {}
                }
            }
            _ => {}
        }
        ProcessResult::Continue
    }
}

fn element(tag: Tag) -> Element {
    let prefix = |prefix: &Option<xml5ever::Prefix>| prefix.as_ref().map_or_else(String::new, ToString::to_string);
    let attribute = |attribute: xml5ever::Attribute| {
        let own = prefix(&attribute.name.prefix);
        let local = attribute.name.local.to_string();
        let name = if own.is_empty() { local } else { format!("{own}:{local}") };
        (name, attribute.value.to_string())
    };
    Element {
        prefix: prefix(&tag.name.prefix),
        local: tag.name.local.to_string(),
        attributes: tag.attrs.into_iter().map(attribute).collect(),
    }
}
