use std::time::Duration;

use url::{Url, form_urlencoded};

use crate::fetch::{Call, FetchError, Fetcher};

/// A hub has so long to say that it has heard.
const LIMIT: Duration = Duration::from_secs(20);

/// Tells another hub that a feed of ours has changed. How a publisher does so is left open by WebSub; this is the form of
/// PubSubHubbub 0.4, section 7.1, which hubs kept, with `hub.topic` for those that go by the newer name.
///
/// # Errors
/// [`FetchError`]: nothing was replied, or something other than success.
pub async fn ping(fetcher: &Fetcher, hub: &Url, topic: &Url) -> Result<(), FetchError> {
    let body = Some(("application/x-www-form-urlencoded".to_owned(), form(topic).into_bytes()));
    // The operator's own word: a hub in the same house is all right.
    let call = Call { url: hub.clone(), body, headers: Vec::new(), allow_private: true, limit: LIMIT };
    let reply = fetcher.call(&call).await?;
    if reply.is_success() { Ok(()) } else { Err(FetchError::Status { status: reply.status, retry_after: None }) }
}

fn form(topic: &Url) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("hub.mode", "publish").append_pair("hub.url", topic.as_str());
    form.append_pair("hub.topic", topic.as_str());
    form.finish()
}
