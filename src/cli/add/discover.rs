use url::Url;

use crate::cli::add::proposal::Proposal;
use crate::cli::failure::Failure;
use crate::config::Settings;
use crate::domain::{Item, Outcome, Slug, Source, SourceKind};
use crate::fetch::{Answer, Document, FetchError, Fetcher, Request, is_loopback};
use crate::parse::{self, Offers, offers};
use crate::pipeline::try_out;

/// Where feeds usually are, beside what a site names; no more are asked for.
const USUAL: [&str; 6] = ["feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "feeds/posts/default"];
/// Sitemaps that are tried.
const MOST_SITEMAPS: usize = 3;

/// Asks a site what it offers, the best first, and stops at the first kind that works. Every request waits for the host's gap.
pub struct Discovery<'a> {
    fetcher: &'a Fetcher,
    settings: &'a Settings,
    url: Url,
    offers: Offers,
}

impl<'a> Discovery<'a> {
    /// For that address.
    pub fn new(fetcher: &'a Fetcher, settings: &'a Settings, url: Url) -> Discovery<'a> {
        Discovery { fetcher, settings, url, offers: Offers::default() }
    }

    /// What was found and works, the best first; never empty.
    ///
    /// # Errors
    /// The site cannot be had, refuses us, or offers nothing.
    pub async fn run(mut self) -> Result<Vec<Proposal>, Failure> {
        let document = self.first_page().await?;
        // What was named may be the thing itself.
        let own = self.named(&document).await?;
        if !own.is_empty() {
            return Ok(own);
        }
        // Each kind is asked for where the better ones gave nothing, or only what seems to have been left behind.
        let mut found = self.feeds().await?;
        if is_fresh(&found) {
            return Ok(found);
        }
        found.extend(self.api().await?);
        if is_fresh(&found) {
            return Ok(fresh_first(found));
        }
        let sitemaps = self.sitemaps().await?;
        // A news sitemap has titles and dates; any other may be years old, so that the page is looked at as well.
        let news = sitemaps.iter().any(|sitemap| sitemap.trial.watch.left == 0);
        found.extend(sitemaps);
        if news && is_fresh(&found) {
            return Ok(fresh_first(found));
        }
        found.extend(self.pages().await?);
        if found.is_empty() {
            return Err(Failure::Unread {
                what: format!("`{}` names no feed, and none was found at the usual places; there is no WordPress API, no sitemap with articles, and no list of articles on the page", self.url),
                hint: "give the address of another page that lists its news; or write the [[source]] by hand with `kind = \"page\"` and `select_item` (docs/configuration.md)".into(),
            });
        }
        Ok(fresh_first(found))
    }

    /// The page at the address; of an article, or where nothing is there, the site's front page.
    async fn first_page(&mut self) -> Result<Document, Failure> {
        loop {
            eprintln!("asking {}", self.url);
            let document = match self.ask(self.url.clone()).await {
                Ok(document) => document,
                Err(FetchError::Status { status: 404, .. } | FetchError::Gone) if self.url.path() != "/" => {
                    eprintln!("  nothing is there; asking the site itself");
                    self.url = self.root();
                    continue;
                }
                Err(error) => return Err(unread(&self.url, &error)),
            };
            let context = parse::Context {
                url: document.url.as_str(),
                charset: document.content_type.as_deref().and_then(parse::charset),
                encoding: None,
                most_entries: 1,
                zone: chrono::FixedOffset::east_opt(0).expect("no offset is a valid one"),
                now: chrono::Utc::now(),
            };
            self.offers = offers(&parse::page_text(&document.bytes, &context), &document.url);
            if self.offers.is_article && self.url.path() != "/" {
                eprintln!("  that is an article; asking its site");
                self.url = self.root();
                continue;
            }
            self.url = document.url.clone();
            return Ok(document);
        }
    }

    /// The document at the address itself, as a feed or a sitemap.
    async fn named(&self, document: &Document) -> Result<Vec<Proposal>, Failure> {
        let begin = String::from_utf8_lossy(&document.bytes[..document.bytes.len().min(2_000)]).into_owned();
        let kind = if parse::is_sitemap(&document.bytes) {
            SourceKind::Sitemap
        } else if self.url.path().contains("/wp-json/") {
            SourceKind::WordPress
        } else if ["<rss", "<feed", "<rdf:RDF", "jsonfeed.org"].iter().any(|root| begin.contains(root)) {
            SourceKind::Feed
        } else {
            return Ok(Vec::new());
        };
        Ok(self.attempt(kind, self.url.clone(), "the address itself").await?.into_iter().collect())
    }

    async fn feeds(&self) -> Result<Vec<Proposal>, Failure> {
        let mut found = Vec::new();
        for feed in &self.offers.feeds {
            found.extend(self.attempt(SourceKind::Feed, feed.clone(), "named by the page").await?);
        }
        if !found.is_empty() {
            return Ok(found);
        }
        for path in USUAL {
            let Ok(address) = self.root().join(path) else { continue };
            if self.offers.feeds.contains(&address) {
                continue;
            }
            eprintln!("asking {address}");
            match self.ask(address.clone()).await {
                Ok(document) if !is_web_page(&document) => {
                    found.extend(self.attempt(SourceKind::Feed, address, "at a usual place").await?);
                    if !found.is_empty() {
                        return Ok(found);
                    }
                }
                Ok(_) => {}
                Err(error) => stop_if_refused(&self.url, &error)?,
            }
        }
        Ok(found)
    }

    async fn api(&self) -> Result<Vec<Proposal>, Failure> {
        let other =
            self.offers.generator.as_deref().is_some_and(|generator| !generator.to_lowercase().contains("wordpress"));
        if other && self.offers.api.is_none() {
            return Ok(Vec::new());
        }
        let root = self.root();
        let site = self
            .offers
            .api
            .as_ref()
            .and_then(|api| api.as_str().split_once("wp-json"))
            .and_then(|(site, _)| Url::parse(site).ok());
        let site = site.unwrap_or(root);
        let Ok(probe) = site.join("wp-json/wp/v2/posts?per_page=1&_fields=id,link") else { return Ok(Vec::new()) };
        eprintln!("asking {probe}");
        match self.ask(probe).await {
            Ok(document) if document.bytes.trim_ascii_start().starts_with(b"[{") => {
                Ok(self.attempt(SourceKind::WordPress, site, "its API answers").await?.into_iter().collect())
            }
            Ok(_) => Ok(Vec::new()),
            // An API that asks for a login is usual, and no refusal of ours.
            Err(FetchError::Status { status: 401, .. }) => Ok(Vec::new()),
            Err(error) => stop_if_refused(&self.url, &error).map(|()| Vec::new()),
        }
    }

    async fn sitemaps(&self) -> Result<Vec<Proposal>, Failure> {
        let request = self.request(self.url.clone());
        let mut turn = self.fetcher.turn(&self.url).await;
        let robots = self.fetcher.robots(&request, &mut turn).await;
        drop(turn);
        let mut named: Vec<Url> = robots.sitemaps().iter().filter_map(|sitemap| self.url.join(sitemap).ok()).collect();
        let how = if named.is_empty() { "at the usual place" } else { "named by robots.txt" };
        if named.is_empty() {
            named.extend(self.root().join("sitemap.xml").ok());
        }
        named.sort_by_key(|sitemap| !sitemap.path().contains("news"));
        let mut found = Vec::new();
        for sitemap in named.into_iter().take(MOST_SITEMAPS) {
            eprintln!("asking {sitemap}");
            found.extend(self.attempt(SourceKind::Sitemap, sitemap, how).await?);
            if !found.is_empty() {
                break;
            }
        }
        Ok(found)
    }

    async fn pages(&self) -> Result<Vec<Proposal>, Failure> {
        let mut found = Vec::new();
        let own = (self.url.clone(), "a block of it repeats");
        let lists = self.offers.lists.iter().map(|list| (list.clone(), "linked as its list of news"));
        // A front page shows a few of everything; the list of news has all, in order.
        let front = self.url.path() == "/";
        let all: Vec<(Url, &str)> = if front { lists.chain([own]).collect() } else { vec![own] };
        for (page, how) in all {
            eprintln!("asking {page}");
            found.extend(self.attempt(SourceKind::Page, page, how).await?);
        }
        found.sort_by_key(|proposal| proposal.trial.items.len() < 3);
        Ok(found)
    }

    /// Tries an address; `None` where it gives nothing.
    async fn attempt(&self, kind: SourceKind, url: Url, how: &str) -> Result<Option<Proposal>, Failure> {
        let source = Source {
            // Lists have titles, and labels want texts.
            full_text: matches!(kind, SourceKind::Page | SourceKind::Sitemap),
            kind,
            allow_private: is_loopback(&url),
            ..Source::new(Slug::from("kliping-add"), String::new(), url)
        };
        let mut trial = try_out(self.fetcher, self.settings, &source).await?;
        if let Some(Outcome::Failed { kind, what, hint }) = &trial.report.outcome {
            eprintln!("  {}: {kind}: {what}", source.url);
            if matches!(kind.as_str(), "challenge" | "rate-limited") || what.ends_with("status 403") {
                return Err(Failure::Unread { what: format!("`{}`: {what}", source.url), hint: hint.clone() });
            }
            return Ok(None);
        }
        if trial.items.is_empty() {
            return Ok(None);
        }
        let excerpts = source.kind == SourceKind::Feed && Proposal::gives_excerpts(&trial.items);
        let source =
            Source { full_text: (source.full_text || excerpts) && self.may_read(&trial.items).await, ..source };
        if excerpts && source.full_text {
            // Once more, so that the labels shown are those that it would get.
            if let Ok(fuller) = try_out(self.fetcher, self.settings, &source).await
                && !fuller.items.is_empty()
            {
                trial = fuller;
            }
        }
        // A feed's own title says more than that of a front page.
        let title =
            trial.report.title.clone().filter(|_| source.kind == SourceKind::Feed).or_else(|| self.offers.name.clone());
        Ok(Some(Proposal { source, how: how.to_owned(), title, trial }))
    }

    /// Whether robots.txt lets us read the articles' own pages.
    async fn may_read(&self, items: &[Item]) -> bool {
        let Some(page) = items.iter().find_map(|item| Url::parse(item.article.url.as_deref()?).ok()) else {
            return false;
        };
        let request = self.request(page);
        let mut turn = self.fetcher.turn(&request.url).await;
        let allowed = self.fetcher.robots(&request, &mut turn).await.allow(&request.url);
        if !allowed {
            eprintln!("  its robots.txt does not let us read articles' pages: labels go by what its list says");
        }
        allowed
    }

    async fn ask(&self, url: Url) -> Result<Document, FetchError> {
        match self.fetcher.ask(&self.request(url)).await? {
            Answer::Document(document) => Ok(document),
            Answer::NotModified { .. } => Err(FetchError::Broken { why: "304 though nothing was asked for".into() }),
        }
    }

    fn request(&self, url: Url) -> Request {
        Request { allow_private: is_loopback(&url), web_page: true, ..Request::plain(url) }
    }

    fn root(&self) -> Url {
        self.url.join("/").unwrap_or_else(|_| self.url.clone())
    }
}

fn is_fresh(found: &[Proposal]) -> bool {
    found.iter().any(|proposal| !proposal.is_stale())
}

/// What has been left behind goes to the end: behind what is fresh, and behind what is newer by more than a week.
fn fresh_first(mut found: Vec<Proposal>) -> Vec<Proposal> {
    let newest = found.iter().filter_map(Proposal::newest).max();
    let behind = |proposal: &Proposal| {
        newest.zip(proposal.newest()).is_some_and(|(newest, own)| newest - own > chrono::TimeDelta::days(7))
    };
    found.sort_by_key(|proposal| (proposal.is_stale() && behind(proposal), proposal.is_stale()));
    found
}

fn is_web_page(document: &Document) -> bool {
    document.content_type.as_deref().is_some_and(|kind| kind.starts_with("text/html"))
        && !String::from_utf8_lossy(&document.bytes[..document.bytes.len().min(500)]).contains("<rss")
}

/// A site that says no is not asked further.
fn stop_if_refused(url: &Url, error: &FetchError) -> Result<(), Failure> {
    match error.status() {
        Some(401 | 403 | 429 | 503) => Err(unread(url, error)),
        _ if matches!(error, FetchError::Challenge { .. }) => Err(unread(url, error)),
        _ => Ok(()),
    }
}

fn unread(url: &Url, error: &FetchError) -> Failure {
    let refused = matches!(error.status(), Some(401 | 403)) || matches!(error, FetchError::Challenge { .. });
    let further = if refused { "; it was not asked further" } else { "" };
    let hint = match error {
        _ if refused => "ask its webmaster to let the user agent `kliping` through, then run this again; kliping never poses as a browser".into(),
        FetchError::Dns { .. } => "check the spelling of the host; if it is right, check this machine's network".into(),
        FetchError::Status { status: 404, .. } | FetchError::Gone => "check the address in a browser".into(),
        FetchError::Connect { .. } | FetchError::Timeout { .. } => {
            let other = if url.scheme() == "https" { "; or it has no https: write `http://`" } else { "" };
            format!("the server is down, or slow, or refuses us: try again later{other}")
        }
        FetchError::PrivateAddress { .. } => "write its [[source]] by hand, with `allow_private = true`".into(),
        FetchError::Tls { .. } if url.scheme() == "https" => {
            "if it has no https write `http://`; else tell its webmaster that the server's TLS does not work".into()
        }
        error => error.hint(),
    };
    Failure::Unread { what: format!("`{url}`: {error}{further}"), hint }
}
