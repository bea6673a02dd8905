//! What is published, as others see it: a validator of our own, feed readers, clients that poll and clients that walk archives.

mod archives;
mod broken;
mod browser;
mod demo;
mod nasty;
mod polling;
mod programs;
mod served;
mod validator;
