//! Every page by its route, without a socket: who gets in, what they are shown, what is written down, and what goes wrong
//! well. The people are those of the demonstration's samples.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on stops there")]

mod address;
mod advice;
mod ask;
mod assurance;
mod audit;
mod back;
mod charter;
mod clock;
mod crisis;
mod door;
mod fhir;
mod finding;
mod glass;
mod home;
mod hospital;
mod house;
mod identity;
mod input;
mod invariant;
mod live;
mod look;
mod me;
mod measure;
mod population;
mod privacy;
mod proxy;
mod pseudonym;
mod question;
mod reception;
mod reciprocal;
mod refusal;
mod restricted;
mod role;
mod route;
mod safety;
mod score;
mod seal;
mod session;
mod sharing;
mod show;
mod standing;
mod stay;
mod withheld;
