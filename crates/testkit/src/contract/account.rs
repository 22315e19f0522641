//! Adults' accounts and their links.

use pix_orga_domain::account::{
    Account, EmailConfirmation, LinkIssue, LinkPurpose, PasswordChange,
};
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::outbox::Delivery;
use pix_orga_domain::session::Subject;
use pix_orga_domain::store::RecordError;
use pix_orga_domain::token::TokenHash;

use crate::build::Build;
use crate::contract::{ROUNDS, at_once};
use crate::stores::Stores;

/// Every clause of accounts.
#[macro_export]
macro_rules! account_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, account:
            find_an_account_by_its_id_and_by_its_address_in_any_case,
            find_nothing_for_an_unknown_account,
            find_a_link_by_its_token_and_purpose_with_its_account,
            find_an_expired_link_too,
            replace_the_former_link_of_the_same_purpose_only,
            leave_nothing_of_a_link_whose_mail_fails,
            write_a_password_use_up_the_link_prove_the_address_and_end_sessions,
            write_a_password_without_link_and_prove_nothing,
            keep_the_first_proof_of_an_address,
            refuse_a_password_decided_on_an_older_revision,
            leave_nothing_of_a_password_whose_link_is_gone,
            leave_nothing_of_a_password_by_a_link_of_another_purpose,
            leave_nothing_of_a_password_by_the_link_of_another_account,
            prove_an_address_and_use_up_the_link,
            refuse_a_proof_decided_on_an_older_revision,
            leave_nothing_of_a_proof_whose_link_is_gone,
            let_one_of_two_simultaneous_passwords_win,
        );
    };
}

async fn stored(build: &Build, stores: &Stores) -> Account {
    let school = build.school(stores).await;
    build.administrator(stores, &school).await.account
}

/// An account whose address is not proved, and its confirmation link.
async fn unproved(build: &Build, stores: &Stores) -> (Account, TokenHash) {
    let school = build.school(stores).await;
    let sending = build.establishment(&school);
    stores.invitations.record_sending(&sending).await.unwrap();
    let mut account = build.account();
    account.email_confirmed_at = None;
    let team = build.team(stores, school.id).await;
    let acceptance = build.acceptance_by_new(&sending.invitation, &account, &team);
    let new = acceptance.new_account.as_ref().unwrap();
    let token = new.confirmation.as_ref().unwrap().0.token;
    stores
        .invitations
        .record_acceptance(&acceptance)
        .await
        .unwrap();
    (account, token)
}

async fn linked(build: &Build, stores: &Stores, account: &Account) -> LinkIssue {
    let issue = build.link(account, LinkPurpose::ResetPassword);
    stores.accounts.record_link(&issue).await.unwrap();
    issue
}

fn password(build: &Build, account: &Account, followed: Option<TokenHash>) -> PasswordChange {
    PasswordChange {
        account_id: account.id,
        expected: account.revision,
        password_hash: format!("$argon2id$other${}", build.number()),
        followed,
        at: build.now(),
    }
}

async fn now(stores: &Stores, account: &Account) -> Account {
    stores.accounts.find(account.id).await.unwrap().unwrap()
}

pub async fn find_an_account_by_its_id_and_by_its_address_in_any_case(stores: Stores) {
    let build = Build::new();
    let account = stored(&build, &stores).await;
    stored(&build, &stores).await;
    assert_eq!(now(&stores, &account).await, account);
    for typed in [
        account.email.as_str().to_owned(),
        account.email.as_str().to_uppercase(),
        account.email.key(),
    ] {
        let typed = EmailAddress::parse(&typed).unwrap();
        let found = stores.accounts.find_by_email(&typed).await.unwrap();
        let found = found.unwrap();
        assert_eq!(found, account);
        assert_eq!(found.email.as_str(), account.email.as_str());
    }
}

pub async fn find_nothing_for_an_unknown_account(stores: Stores) {
    let build = Build::new();
    stored(&build, &stores).await;
    let unknown = build.account();
    let accounts = &stores.accounts;
    assert_eq!(accounts.find(unknown.id).await.unwrap(), None);
    assert_eq!(accounts.find_by_email(&unknown.email).await.unwrap(), None);
}

pub async fn find_a_link_by_its_token_and_purpose_with_its_account(stores: Stores) {
    let build = Build::new();
    let account = stored(&build, &stores).await;
    let issue = linked(&build, &stores, &account).await;
    let token = &issue.link.token;
    let accounts = &stores.accounts;
    let found = accounts.find_link(token, LinkPurpose::ResetPassword).await;
    assert_eq!(found.unwrap(), Some((issue.link.clone(), account)));
    let found = accounts.find_link(token, LinkPurpose::ConfirmEmail).await;
    assert_eq!(found.unwrap(), None);
    let unknown = TokenHash(build.bytes());
    let found = accounts.find_link(&unknown, LinkPurpose::ResetPassword);
    assert_eq!(found.await.unwrap(), None);
    let mails = stores.outbox.latest(10).await.unwrap();
    assert!(mails.contains(&(issue.mail, Delivery::Queued)));
}

pub async fn find_an_expired_link_too(stores: Stores) {
    let build = Build::new();
    let account = stored(&build, &stores).await;
    let mut issue = build.link(&account, LinkPurpose::ResetPassword);
    issue.link.expires_at = jiff::Timestamp::UNIX_EPOCH;
    stores.accounts.record_link(&issue).await.unwrap();
    let found = stores
        .accounts
        .find_link(&issue.link.token, LinkPurpose::ResetPassword)
        .await
        .unwrap();
    assert_eq!(found.map(|(link, _)| link), Some(issue.link));
}

pub async fn replace_the_former_link_of_the_same_purpose_only(stores: Stores) {
    let build = Build::new();
    let (account, confirmation) = unproved(&build, &stores).await;
    let former = linked(&build, &stores, &account).await.link.token;
    let current = linked(&build, &stores, &account).await.link.token;
    let accounts = &stores.accounts;
    let found = accounts
        .find_link(&former, LinkPurpose::ResetPassword)
        .await;
    assert_eq!(found.unwrap(), None);
    let found = accounts
        .find_link(&current, LinkPurpose::ResetPassword)
        .await;
    assert!(found.unwrap().is_some());
    let found = accounts.find_link(&confirmation, LinkPurpose::ConfirmEmail);
    assert!(found.await.unwrap().is_some());
}

pub async fn leave_nothing_of_a_link_whose_mail_fails(stores: Stores) {
    let build = Build::new();
    let account = stored(&build, &stores).await;
    let former = linked(&build, &stores, &account).await;
    let mut issue = build.link(&account, LinkPurpose::ResetPassword);
    issue.mail.id = former.mail.id;
    assert!(stores.accounts.record_link(&issue).await.is_err());
    let accounts = &stores.accounts;
    let purpose = LinkPurpose::ResetPassword;
    let found = accounts.find_link(&issue.link.token, purpose).await;
    assert_eq!(found.unwrap(), None);
    let found = accounts.find_link(&former.link.token, purpose).await;
    assert!(found.unwrap().is_some());
}

pub async fn write_a_password_use_up_the_link_prove_the_address_and_end_sessions(stores: Stores) {
    let build = Build::new();
    let (account, _) = unproved(&build, &stores).await;
    let other = stored(&build, &stores).await;
    let token = linked(&build, &stores, &account).await.link.token;
    let (session, cookie) = build.session(Subject::Account(account.id));
    let (kept, kept_cookie) = build.session(Subject::Account(other.id));
    stores.sessions.open(&session).await.unwrap();
    stores.sessions.open(&kept).await.unwrap();
    let change = password(&build, &account, Some(token));
    stores.accounts.record_password(&change).await.unwrap();
    let expected = Account {
        password_hash: change.password_hash,
        email_confirmed_at: Some(change.at),
        revision: account.revision.next(),
        ..account.clone()
    };
    assert_eq!(now(&stores, &account).await, expected);
    let found = stores
        .accounts
        .find_link(&token, LinkPurpose::ResetPassword)
        .await;
    assert_eq!(found.unwrap(), None);
    assert_eq!(stores.sessions.find(&cookie.hash()).await.unwrap(), None);
    let found = stores.sessions.find(&kept_cookie.hash()).await.unwrap();
    assert_eq!(found, Some(kept));
}

pub async fn write_a_password_without_link_and_prove_nothing(stores: Stores) {
    let build = Build::new();
    let (account, _) = unproved(&build, &stores).await;
    let change = password(&build, &account, None);
    stores.accounts.record_password(&change).await.unwrap();
    let account = now(&stores, &account).await;
    assert_eq!(account.password_hash, change.password_hash);
    assert_eq!(account.email_confirmed_at, None);
}

pub async fn keep_the_first_proof_of_an_address(stores: Stores) {
    let build = Build::new();
    let account = stored(&build, &stores).await;
    let token = linked(&build, &stores, &account).await.link.token;
    let change = password(&build, &account, Some(token));
    stores.accounts.record_password(&change).await.unwrap();
    let proved_at = now(&stores, &account).await.email_confirmed_at;
    assert_eq!(proved_at, account.email_confirmed_at);
}

pub async fn refuse_a_password_decided_on_an_older_revision(stores: Stores) {
    let build = Build::new();
    let account = stored(&build, &stores).await;
    let first = password(&build, &account, None);
    stores.accounts.record_password(&first).await.unwrap();
    let token = linked(&build, &stores, &account).await.link.token;
    let (session, cookie) = build.session(Subject::Account(account.id));
    stores.sessions.open(&session).await.unwrap();
    let second = password(&build, &account, Some(token));
    let refused = stores.accounts.record_password(&second).await;
    assert!(matches!(refused, Err(RecordError::Stale)));
    let account = now(&stores, &account).await;
    assert_eq!(account.password_hash, first.password_hash);
    let link = stores
        .accounts
        .find_link(&token, LinkPurpose::ResetPassword)
        .await;
    assert!(link.unwrap().is_some());
    let session = stores.sessions.find(&cookie.hash()).await.unwrap();
    assert!(session.is_some());
}

async fn assert_password_is_stale(
    build: &Build,
    stores: &Stores,
    account: &Account,
    followed: TokenHash,
) {
    let (session, cookie) = build.session(Subject::Account(account.id));
    stores.sessions.open(&session).await.unwrap();
    let change = password(build, account, Some(followed));
    let refused = stores.accounts.record_password(&change).await;
    assert!(matches!(refused, Err(RecordError::Stale)));
    assert_eq!(now(stores, account).await, *account);
    let session = stores.sessions.find(&cookie.hash()).await.unwrap();
    assert!(session.is_some());
}

pub async fn leave_nothing_of_a_password_whose_link_is_gone(stores: Stores) {
    let build = Build::new();
    let account = stored(&build, &stores).await;
    let gone = linked(&build, &stores, &account).await.link.token;
    linked(&build, &stores, &account).await;
    assert_password_is_stale(&build, &stores, &account, gone).await;
}

pub async fn leave_nothing_of_a_password_by_a_link_of_another_purpose(stores: Stores) {
    let build = Build::new();
    let (account, confirmation) = unproved(&build, &stores).await;
    assert_password_is_stale(&build, &stores, &account, confirmation).await;
}

pub async fn leave_nothing_of_a_password_by_the_link_of_another_account(stores: Stores) {
    let build = Build::new();
    let account = stored(&build, &stores).await;
    let other = stored(&build, &stores).await;
    let theirs = linked(&build, &stores, &other).await.link.token;
    assert_password_is_stale(&build, &stores, &account, theirs).await;
}

fn confirmation(build: &Build, account: &Account, followed: TokenHash) -> EmailConfirmation {
    EmailConfirmation {
        account_id: account.id,
        expected: account.revision,
        followed,
        at: build.now(),
    }
}

pub async fn prove_an_address_and_use_up_the_link(stores: Stores) {
    let build = Build::new();
    let (account, token) = unproved(&build, &stores).await;
    let (session, cookie) = build.session(Subject::Account(account.id));
    stores.sessions.open(&session).await.unwrap();
    let confirmation = confirmation(&build, &account, token);
    stores
        .accounts
        .record_confirmation(&confirmation)
        .await
        .unwrap();
    let expected = Account {
        email_confirmed_at: Some(confirmation.at),
        revision: account.revision.next(),
        ..account.clone()
    };
    assert_eq!(now(&stores, &account).await, expected);
    let link = stores
        .accounts
        .find_link(&token, LinkPurpose::ConfirmEmail)
        .await;
    assert_eq!(link.unwrap(), None);
    let session = stores.sessions.find(&cookie.hash()).await.unwrap();
    assert!(session.is_some());
}

pub async fn refuse_a_proof_decided_on_an_older_revision(stores: Stores) {
    let build = Build::new();
    let (account, token) = unproved(&build, &stores).await;
    let change = password(&build, &account, None);
    stores.accounts.record_password(&change).await.unwrap();
    let refused = stores
        .accounts
        .record_confirmation(&confirmation(&build, &account, token))
        .await;
    assert!(matches!(refused, Err(RecordError::Stale)));
    assert_eq!(now(&stores, &account).await.email_confirmed_at, None);
    let link = stores
        .accounts
        .find_link(&token, LinkPurpose::ConfirmEmail)
        .await;
    assert!(link.unwrap().is_some());
}

pub async fn leave_nothing_of_a_proof_whose_link_is_gone(stores: Stores) {
    let build = Build::new();
    let (account, _) = unproved(&build, &stores).await;
    let unknown = TokenHash(build.bytes());
    let refused = stores
        .accounts
        .record_confirmation(&confirmation(&build, &account, unknown))
        .await;
    assert!(matches!(refused, Err(RecordError::Stale)));
    assert_eq!(now(&stores, &account).await, account);
}

pub async fn let_one_of_two_simultaneous_passwords_win(stores: Stores) {
    let build = Build::new();
    let account = stored(&build, &stores).await;
    for _ in 0..ROUNDS {
        let account = now(&stores, &account).await;
        let token = linked(&build, &stores, &account).await.link.token;
        let one = password(&build, &account, Some(token));
        let two = password(&build, &account, Some(token));
        let hashes = [one.password_hash.clone(), two.password_hash.clone()];
        let (s1, s2) = (stores.accounts.clone(), stores.accounts.clone());
        let outcomes = at_once(async move { s1.record_password(&one).await }, async move {
            s2.record_password(&two).await
        })
        .await;
        let stale = |outcome: &&Result<(), _>| matches!(outcome, Err(RecordError::Stale));
        assert_eq!(outcomes.iter().filter(stale).count(), 1);
        let winner = outcomes.iter().position(Result::is_ok).unwrap();
        assert_eq!(now(&stores, &account).await.password_hash, hashes[winner]);
    }
}
