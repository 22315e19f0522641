//! A browser without scripts: it keeps cookies, follows links and redirects, fills and sends forms.

use std::net::IpAddr;
use std::sync::Arc;

use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::multipart::{Form as Multipart, Part};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

use crate::page::{Form, Page};

/// Somebody's browser. A clone is the same one: it shares its cookies.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    cookies: Arc<Jar>,
    address: String,
}

impl Browser {
    /// A new one, without any cookie.
    pub fn new(address: &str) -> Self {
        Self::from(address, None)
    }

    /// A new one on another network: a loopback address, such as `127.0.0.2`.
    pub fn on_network(address: &str, network: &str) -> Self {
        Self::from(address, Some(network.parse().unwrap()))
    }

    fn from(address: &str, network: Option<IpAddr>) -> Self {
        let cookies = Arc::new(Jar::default());
        let client = Client::builder()
            .cookie_provider(Arc::clone(&cookies))
            .redirect(Policy::limited(5))
            .local_address(network)
            .build()
            .unwrap();
        Self {
            client,
            cookies,
            address: address.to_owned(),
        }
    }

    /// The same browser with the same cookies, at another address: behind a proxy, people do not see which server answers.
    #[must_use]
    pub fn at(&self, address: &str) -> Self {
        Self {
            client: self.client.clone(),
            cookies: Arc::clone(&self.cookies),
            address: address.to_owned(),
        }
    }

    /// What its `Cookie` header says, for requests that no browser would send.
    pub fn cookies(&self) -> String {
        let cookies = self.cookies.cookies(&self.address.parse().unwrap());
        cookies.map_or_else(String::new, |cookies| cookies.to_str().unwrap().to_owned())
    }

    /// Opens an address, with or without the host.
    pub async fn get(&self, path: &str) -> Page {
        read(self.client.get(self.url(path)).send().await.unwrap()).await
    }

    /// Downloads a file.
    pub async fn download(&self, path: &str) -> Vec<u8> {
        self.client
            .get(self.url(path))
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap()
            .to_vec()
    }

    /// Follows the first link that says something.
    #[track_caller]
    pub fn follow<'a>(&'a self, page: &Page, label: &str) -> impl Future<Output = Page> + 'a {
        let Some(link) = page.link(label) else {
            panic!(
                "no link « {label} » in {} ({}):\n{}",
                page.path,
                page.status,
                page.text()
            )
        };
        async move { self.get(&link).await }
    }

    /// Fills the form of a button and presses it. Every field named must be in the form.
    #[track_caller]
    pub fn press<'a>(
        &'a self,
        page: &Page,
        button: &str,
        values: &[(&str, &str)],
    ) -> impl Future<Output = Page> + 'a {
        let form = filled(page, button, values);
        async move { self.send(form).await }
    }

    /// Sends a form as it is, even one that no page would send.
    pub async fn send(&self, form: Form) -> Page {
        let url = self.url(&form.action);
        let request = if form.method == "post" {
            self.client.post(url).form(&form.fields)
        } else {
            self.client.get(url).query(&form.fields)
        };
        read(request.send().await.unwrap()).await
    }

    /// Sends fields to an address that no button of the page sends them to, with the page's token.
    pub async fn post(&self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let token = page.attributes("input[name=csrf]", "value").remove(0);
        let fields = fields.iter().copied().chain([("csrf", token.as_str())]);
        self.send(Form {
            action: action.to_owned(),
            method: "post".to_owned(),
            multipart: false,
            fields: fields
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            names: Vec::new(),
        })
        .await
    }

    /// Chooses a file in the form of a button and presses it.
    #[track_caller]
    pub fn upload<'a>(
        &'a self,
        page: &Page,
        button: &str,
        field: &str,
        name: &str,
        bytes: Vec<u8>,
    ) -> impl Future<Output = Page> + 'a {
        let form = filled(page, button, &[]);
        let field = field.to_owned();
        assert!(form.multipart, "the form sends no file");
        let part = Part::bytes(bytes).file_name(name.to_owned());
        async move {
            let parts = form
                .fields
                .iter()
                .fold(Multipart::new(), |parts, (name, value)| {
                    parts.text(name.clone(), value.clone())
                });
            let url = self.url(&form.action);
            read(
                self.client
                    .post(url)
                    .multipart(parts.part(field, part))
                    .send()
                    .await
                    .unwrap(),
            )
            .await
        }
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with("http://") {
            path.to_owned()
        } else {
            format!("{}{path}", self.address)
        }
    }
}

#[track_caller]
fn filled(page: &Page, button: &str, values: &[(&str, &str)]) -> Form {
    let Some(mut form) = page.form(button) else {
        panic!(
            "no button « {button} » in {} ({}):\n{}",
            page.path,
            page.status,
            page.text()
        )
    };
    for (name, value) in values {
        assert!(
            form.names.iter().any(|known| known == name),
            "no field {name} beside « {button} »: {:?}",
            form.names
        );
        form.fields.retain(|(known, _)| known != name);
        form.fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    form
}

async fn read(response: Response) -> Page {
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                value.to_str().unwrap_or_default().to_owned(),
            )
        })
        .collect();
    let url = response.url().clone();
    let path = url.query().map_or_else(
        || url.path().to_owned(),
        |query| format!("{}?{query}", url.path()),
    );
    let status = response.status().as_u16();
    let html = response.text().await.unwrap();
    Page {
        status,
        path,
        headers,
        html,
    }
}
