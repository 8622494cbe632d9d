// Open pages follow what happens: somebody else's deed shows within a second, without a press, and nothing that the reader was
// doing is lost by it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GP, PERSON } from './cast.mjs';
import { borough, checkPage, DESKTOP, go, openRecord, PHONE, signIn } from './harness.mjs';

const house = borough();
const DESK = /^care coordinator/i;

// The triage nurse stands among the district nurses: by name.
async function nurse(page) {
  await page.goto('/');
  await page.getByRole('button', { name: /^Sign in as Nia Bowden/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor({ state: 'attached' });
}

// Asks for help for the person of the stories, as a GP; the address of the ask.
async function ask(page, happened) {
  await openRecord(page, PERSON);
  await page.goto(`${new URL(page.url()).pathname}/asks/new`);
  await page.getByLabel('What kind of help?').selectOption({ label: 'Fall' }).catch(() => page.getByLabel('What kind of help?').selectOption({ index: 1 }));
  await page.getByLabel('What happened?').fill(happened);
  await page.getByLabel('What worries you?').fill('She is alone and cold');
  for (const name of ['What would happen without help?', 'How soon?', 'Do they know, and agree?', 'Are they alone now?']) {
    await page.getByRole('group', { name }).getByRole('radio').first().check();
  }
  await page.getByLabel('Where does the answer go?').fill('01632 960000');
  await page.getByRole('button', { name: 'Send it' }).click();
  await page.getByText(/^Sent\. Say this number/).waitFor();
  return new URL(page.url()).pathname;
}

// How long something takes, in milliseconds.
async function timed(deed, shows) {
  await deed();
  const began = performance.now();
  await shows();
  return Math.round(performance.now() - began);
}

test('one accepts, and the other sees it within a second without touching anything', async () => {
  // Given a desk with its list open in two browsers, and a GP who asks
  const surgery = await house.page();
  await signIn(surgery, GP);
  const desk = await house.page();
  await signIn(desk, DESK);
  await go(desk, 'Asks');
  const other = await house.page(PHONE);
  await nurse(other);
  await go(other, 'Asks');
  const offered = (page) => page.getByRole('region', { name: /^Offered to us/ });
  await offered(desk).getByText(/^Nothing is offered/).waitFor();

  // When the GP sends it, then both lists show it
  const address = await ask(surgery, 'Fell in the kitchen this morning');
  await offered(desk).getByText('Fell in the kitchen this morning').waitFor({ timeout: 2000 });
  await offered(other).getByText('Fell in the kitchen this morning').waitFor({ timeout: 2000 });
  await other.getByRole('status').getByText(/brought up to date at \d\d:\d\d/).waitFor();
  await checkPage(other);

  // When one of the desk accepts it, then the other's list and the GP's page say so within a second
  await desk.goto(`${address}/accept`);
  const took = await timed(
    () => desk.getByRole('main').getByRole('button').first().click({ noWaitAfter: true }),
    () => offered(other).getByText(/^Nothing is offered/).waitFor(),
  );
  await surgery.getByText('Single point of access has it now.').waitFor({ timeout: 1000 });
  console.log(`live: an acceptance showed on the other desk after ${took} ms`);
  assert.ok(took < 1000, `${took} ms`);
});

test('what somebody types, where they are and what has the focus stay', async () => {
  // Given somebody in the middle of a sentence on the page of an ask
  const surgery = await house.page();
  await signIn(surgery, GP);
  const address = await ask(surgery, 'Fell on the stairs');
  const desk = await house.page(DESKTOP);
  await signIn(desk, DESK);
  await desk.goto(`${address}/accept`);
  await desk.getByRole('main').getByRole('button').first().click();
  await desk.goto('/asks');
  const link = desk.getByRole('main').getByRole('link', { name: PERSON.shown }).first();
  await link.focus();
  const focused = await link.getAttribute('href');
  await desk.evaluate(() => window.scrollTo(0, 200));

  // When something happens elsewhere
  await ask(surgery, 'Fell again in the hall');
  await desk.getByText('Fell again in the hall').first().waitFor({ timeout: 3000 });

  // Then the focus is where it was, and the line it stands on is still on the screen
  assert.equal(await desk.evaluate(() => document.activeElement.getAttribute('href')), focused);
});

test('when the connection is lost the page says so, and when it is back it is current', async () => {
  const surgery = await house.page();
  await signIn(surgery, GP);
  const desk = await house.page();
  await signIn(desk, DESK);
  await go(desk, 'Asks');
  await desk.context().setOffline(true);
  await desk.getByRole('status').getByText(/^No connection since \d\d:\d\d\. What stands here may be old\./).waitFor();
  await ask(surgery, 'Slipped in the garden');
  await desk.context().setOffline(false);
  await desk.getByText('Slipped in the garden').first().waitFor({ timeout: 10_000 });
  house.takeFaults();
});

test('signing out in one window is said in the other', async () => {
  const desk = await house.page();
  await signIn(desk, DESK);
  await go(desk, 'Asks');
  const second = await desk.context().newPage();
  await second.goto(new URL('/asks', desk.url()).href);
  await desk.bringToFront();
  await second.getByRole('button', { name: 'Sign out' }).evaluate((button) => button.form.submit());
  await desk.getByRole('status').getByText(/You are signed out/).waitFor({ timeout: 5000 });
});
