use std::collections::HashMap;
use std::time::Instant as Stopwatch;

use crate::cli::inspection::{Certificate, Complaint, Entries, Failed, Inspection, Sample, Validators};
use crate::config::Settings;
use crate::domain::{self, Article, Instant, Label, Outcome, Source, SourceKind};
use crate::fetch::{self, Answer, Document, FetchError, Fetcher, Request};
use crate::pipeline::{Intake, Received, Trial, redirects, take_in, try_out};
use crate::schedule::moved;
use chrono::{Offset, SecondsFormat, Utc};

/// Items that are shown.
const SAMPLES: usize = 3;

/// Asks a source and keeps nothing: a feed twice, where it gives validators; any other kind as a poll would, a few articles far.
pub async fn inspect(fetcher: &Fetcher, settings: &Settings, source: &Source) -> Inspection {
    if source.kind == SourceKind::Feed && !source.full_text {
        feed(fetcher, settings, source).await
    } else {
        list(fetcher, settings, source).await
    }
}

async fn list(fetcher: &Fetcher, settings: &Settings, source: &Source) -> Inspection {
    let mut found = Inspection { source: source.id.to_string(), url: source.url.to_string(), ..Inspection::default() };
    let Trial { report, watch, items } = match try_out(fetcher, settings, source).await {
        Ok(trial) => trial,
        Err(error) => {
            let hint = "run `kliping check --online` again; report this if it stays".into();
            found.error = Some(Failed { kind: "internal".into(), what: error.to_string(), hint });
            return found;
        }
    };
    found.duration_ms = u64::try_from(report.took.as_millis()).unwrap_or(u64::MAX);
    found.certificates = fetcher.certificates(&source.url).into_iter().map(Certificate::from).collect();
    found.bytes = usize::try_from(report.bytes).unwrap_or(usize::MAX);
    found.complaints = report.complaints.into_iter().map(complaint).collect();
    if let Some(Outcome::Failed { kind, what, hint }) = report.outcome {
        found.error = Some(Failed { kind, what, hint });
        return found;
    }
    found.status = Some(200);
    found.kind = Some(source.kind.as_str().to_owned());
    found.guessed = report.guessed;
    found.validators = validators(watch.validators.as_ref());
    let dates: Vec<Instant> = items.iter().filter_map(|item| item.article.published).collect();
    found.entries = Entries {
        total: items.len(),
        dated: dates.len(),
        newest: dates.into_iter().max().map(written),
        guids: items.iter().filter(|item| item.article.guid.is_some()).count(),
        guids_identify: !watch.guids_untrusted || source.kind != SourceKind::WordPress,
        linked: items.iter().filter(|item| item.article.url.is_some()).count(),
    };
    found.samples = items.iter().take(SAMPLES).map(|item| sample(&item.article, &item.labels)).collect();
    found
}

async fn feed(fetcher: &Fetcher, settings: &Settings, source: &Source) -> Inspection {
    let mut found = Inspection { source: source.id.to_string(), url: source.url.to_string(), ..Inspection::default() };
    let request = Request {
        allow_private: source.allow_private,
        user_agent: source.user_agent.clone(),
        extra_ca: source.extra_ca.clone(),
        ..Request::plain(source.url.clone())
    };
    let mut turn = fetcher.turn(&source.url).await;
    let begun = Stopwatch::now();
    let answer = fetcher.fetch(&request, &mut turn).await;
    found.duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    found.certificates = fetcher.certificates(&source.url).into_iter().map(Certificate::from).collect();
    match answer {
        Ok(Answer::Document(document)) => {
            describe_answer(&document, &mut found);
            if let Some(validators) = &document.headers.validators {
                let again = Request {
                    url: document.url.clone(),
                    validators: Some(validators.clone()),
                    allow_private: source.allow_private && document.url == source.url,
                    ..request
                };
                let answer = fetcher.fetch_next(&again, &mut turn).await;
                found.validators.honoured = answer.ok().map(|answer| matches!(answer, Answer::NotModified { .. }));
            }
            drop(turn);
            describe_feed(document, settings, source, &mut found);
        }
        Ok(Answer::NotModified { .. }) => found.status = Some(304),
        Err(error) => {
            found.status = error.status();
            found.error = Some(Failed::from(&error));
        }
    }
    found
}

fn describe_answer(document: &Document, found: &mut Inspection) {
    found.status = Some(200);
    found.bytes = document.bytes.len();
    found.final_url = Some(document.url.to_string());
    found.redirects = document.hops.iter().map(|hop| format!("{} {}", hop.status, hop.to)).collect();
    found.moved_to = moved(None, &redirects(&document.hops), Utc::now()).map(|moved| moved.to);
    found.max_age = document.headers.max_age.map(|age| age.as_secs());
    found.validators = validators(document.headers.validators.as_ref());
}

fn validators(validators: Option<&domain::Validators>) -> Validators {
    let text = |bytes: Option<&Vec<u8>>| bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    Validators {
        etag: text(validators.and_then(|validators| validators.etag.as_ref())),
        last_modified: text(validators.and_then(|validators| validators.last_modified.as_ref())),
        honoured: None,
    }
}

fn complaint(complaint: domain::Complaint) -> Complaint {
    Complaint { what: complaint.what, r#where: complaint.place, mended: complaint.mended }
}

fn describe_feed(document: Document, settings: &Settings, source: &Source, found: &mut Inspection) {
    let now = Utc::now();
    let zone = now.with_timezone(&settings.catalogue.site.timezone).offset().fix();
    let received =
        Received { bytes: &document.bytes, url: &document.url, content_type: document.content_type.as_deref() };
    let intake = match take_in(received, source, &settings.rules, zone, false, now) {
        Ok(intake) => intake,
        Err(error) => {
            let (kind, what, hint) = (error.kind().into(), error.to_string(), error.hint().into());
            found.error = Some(Failed { kind, what, hint });
            return;
        }
    };
    found.entries = entries(&intake);
    let newest = intake.arrivals.iter().rev().take(SAMPLES);
    found.samples = newest.map(|arrival| sample(&arrival.article, &arrival.judgement.labels)).collect();
    found.kind = Some(intake.kind.to_owned());
    found.encoding = Some(intake.encoding.to_owned());
    found.complaints = intake.complaints.into_iter().map(complaint).collect();
    if document.truncated {
        let what = "the document was cut off on its way".into();
        found.complaints.push(Complaint { what, r#where: "document".into(), mended: false });
    }
}

fn entries(intake: &Intake) -> Entries {
    let articles = || intake.arrivals.iter().map(|arrival| &arrival.article);
    let mut guids: HashMap<&str, usize> = HashMap::new();
    for guid in articles().filter_map(|article| article.guid.as_deref()) {
        *guids.entry(guid).or_default() += 1;
    }
    let dates: Vec<Instant> = articles().filter_map(|article| article.published).collect();
    Entries {
        total: intake.arrivals.len(),
        dated: dates.len(),
        newest: dates.into_iter().max().map(written),
        guids: guids.values().filter(|times| **times == 1).count(),
        guids_identify: !intake.guids_untrusted,
        linked: articles().filter(|article| article.url.is_some()).count(),
    }
}

fn sample(article: &Article, labels: &[Label]) -> Sample {
    Sample {
        title: article.title.clone(),
        url: article.url.clone(),
        published: article.published.map(written),
        labels: labels.iter().map(|label| label.id.to_string()).collect(),
    }
}

fn written(at: Instant) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl From<fetch::Certificate> for Certificate {
    fn from(shown: fetch::Certificate) -> Self {
        Certificate { subject: shown.subject, issuer: shown.issuer, expires: shown.expires.map(written) }
    }
}

impl From<&FetchError> for Failed {
    fn from(error: &FetchError) -> Self {
        Failed { kind: error.kind().into(), what: error.to_string(), hint: error.hint() }
    }
}
