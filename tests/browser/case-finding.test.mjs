// Case finding, from a team's reason to look to what whoever plans may read of it: a list with reasons, three decisions, a deficit that
// is wrong, the person who reads who saw them on a list, and counts in which nobody can be found. Once more without scripts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANALYST, CITIZEN, GP } from './cast.mjs';
import { banner, borough, checkPage, DESKTOP, go, PHONE, screenshot, signIn } from './harness.mjs';

const house = borough();
const NURSE = /^district nurse/i;
const COMMISSIONER = /^commissioner/i;
const [MARGARET, HAROLD] = ['Margaret Ashworth', 'Harold Ashworth'];

const press = (page, name) => page.getByRole('main').getByRole('button', { name, exact: true }).click();
const open = (page, summary) => page.getByRole('main').locator('summary').filter({ hasText: summary }).first().click();
const said = (page, words) => page.getByRole('main').getByText(words).first().waitFor();

// Begins a list by a rule and looks; its address.
async function begin(page, { title, heap, rule }) {
  await go(page, 'Case finding');
  await open(page, /^Begin a list/);
  await page.getByLabel('What is it called?').fill(title);
  await open(page, heap);
  await page.getByRole('radio', { name: rule, exact: true }).check();
  await page.getByLabel('Why do you look for them?').fill('They come to hospital when nobody looks in');
  await page.getByLabel('What will you offer to whoever you take on?').fill('A nurse who visits every week for a month');
  await page.getByLabel('What should change by it, and how would you see it?').fill('Fewer urgent contacts in three months');
  await press(page, 'Begin it');
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  const list = new URL(page.url()).pathname;
  await said(page, 'Nobody has been looked for yet');
  await open(page, /^Look again/);
  await press(page, 'Look now');
  await said(page, 'The list has looked at everybody of the neighbourhood.');
  return list;
}

// Opens a person from a list.
async function openCase(page, list, name) {
  await page.goto(list);
  await page.getByRole('main').getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Why this person is on a list' }).waitFor();
  assert.ok((await banner(page).innerText()).includes(name), 'the banner names whose it is');
}

// The row of somebody under a heading.
const row = (page, heading, name) =>
  page.getByRole('table', { name: heading, exact: true }).getByRole('row').filter({ hasText: name });

test('a nurse begins a list, decides about each, and whoever plans reads counts and no name', async () => {
  // Given a nurse who has something to offer
  const page = await house.page();
  await signIn(page, NURSE);
  await page.getByRole('main').getByRole('link', { name: /^Case finding/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Case finding' }).waitFor();

  // When she begins a list, each rule says what it is not for and where it comes from before she chooses
  await open(page, /^Begin a list/);
  await open(page, /^Situations/);
  await said(page, /Not for predicting who will fall/);
  await open(page, /^Rules that nobody can be found by here/);
  await said(page, /Its lists of codes are not here/);
  await checkPage(page);
  await screenshot(page, 'case-finding');
  const list = await begin(page, { title: 'High blood pressure, and nobody visits', heap: /^Diseases/, rule: /^High blood pressure/ });

  // Then each stands there with a reason, and what the list is not for
  await said(page, 'What this list is not for');
  assert.match(await row(page, 'To decide', MARGARET).innerText(), /Hypertensive disorder \(1 January 2009\)/);
  assert.match(await row(page, 'To decide', HAROLD).innerText(), /High blood pressure \(1 January 1998\)/);
  await said(page, /People whose address is withheld are on no list/);
  await checkPage(page);
  await screenshot(page, 'case-finding-list');

  // When she opens a record from it and takes the person on
  await openCase(page, list, MARGARET);
  await checkPage(page);
  await page.getByRole('main').getByRole('link', { name: /^Hypertensive disorder/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Timeline' }).waitFor();
  await openCase(page, list, MARGARET);
  await open(page, /^Take them on/);
  await press(page, 'Take them on');
  await said(page, /on your team.s caseload for half a year/);

  // And puts another off, and then declines them with a reason
  await openCase(page, list, HAROLD);
  await open(page, /^Decide later/);
  const until = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Until which day?').fill(until);
  await press(page, 'Put it off');
  assert.match(await row(page, 'Later', HAROLD).innerText(), /Put off until .* by Ruth Oyelaran/);
  await openCase(page, list, HAROLD);
  await open(page, /^Do not take them on/);
  await press(page, 'Do not take them on');
  await said(page, /Say why they are not taken on/);
  await page.getByLabel('Why not?').fill('The memory clinic sees him every month');
  await press(page, 'Do not take them on');

  // Then the list says what was decided, by whom, and whether a group is missed, or that there are too few to say
  assert.match(await row(page, 'Taken on', MARGARET).innerText(), /On your team.s caseload\. Taken on by Ruth Oyelaran/);
  assert.match(await row(page, 'Not taken on', HAROLD).innerText(), /The memory clinic sees him every month/);
  await said(page, /too few/);
  await page.getByRole('link', { name: 'Set it beside neighbourhoods where no such list looks' }).click();
  await said(page, /Nothing to compare before/);
  await checkPage(page);

  // And what the person reads is that somebody of the team saw them on a list
  const home = await house.page(PHONE);
  await signIn(home, CITIZEN);
  await home.goto('/me/looks');
  await home.getByText(/^A district nurse \(.*\).*on a list of their desk/).first().waitFor();
  await checkPage(home);

  // And their GP sees them on the list, and neither decides for the team nor runs its list
  const surgery = await house.page();
  await signIn(surgery, GP);
  await go(surgery, 'Case finding');
  await surgery.getByRole('main').getByRole('link', { name: 'High blood pressure, and nobody visits' }).click();
  await said(surgery, /You see those on it who are registered with your practice/);
  assert.equal(await surgery.getByRole('button', { name: 'Look now' }).count(), 0);
  await checkPage(surgery);

  // And whoever plans reads counts, and no name nor the team's own words
  for (const role of [ANALYST, COMMISSIONER]) {
    const office = await house.page();
    await signIn(office, role);
    await office.goto('/population/equity');
    await office.getByRole('table', { name: 'Mental health, memory and learning' }).waitFor();
    await office.getByRole('table', { name: 'Case finding' }).getByRole('link', { name: /^High blood pressure/ }).click();
    await said(office, /too few to say whether any group is missed/);
    assert.doesNotMatch(await office.content(), /Ashworth|nobody visits|memory clinic/);
    await checkPage(office);
    const answer = await office.goto(list);
    assert.equal(answer.status(), 403);
  }
  house.takeFaults().forEach((fault) => assert.match(fault, /403/));
});

test('what is wrong in a rule is said, and the score and the list change', async () => {
  // Given a list that finds somebody by an entry
  const page = await house.page();
  await signIn(page, NURSE);
  const list = await begin(page, { title: 'Heart failure, and nobody weighs them', heap: /^Diseases/, rule: /^Heart failure/ });
  await openCase(page, list, MARGARET);

  // When the nurse takes the rule apart and says that it is no longer so
  await page.getByRole('main').getByRole('link', { name: /rule taken apart/i }).click();
  await page.getByRole('heading', { level: 1, name: /^Heart failure/ }).waitFor();
  await page.getByText('On this register.', { exact: true }).waitFor();
  await checkPage(page);
  await open(page, /^This is wrong/);
  await page.getByRole('radio', { name: /^Heart failure/ }).check();
  await page.getByRole('radio', { name: 'The code does not say what was meant' }).check();
  await page.getByLabel('How do you know?').fill('The echocardiogram of May was normal');
  await press(page, 'Write it down');

  // Then it does not count, with her name beside it, and the list does not find the person by it
  await said(page, /The echocardiogram of May was normal \(Ruth Oyelaran/);
  await said(page, 'Not on this register.');
  await checkPage(page);
  await page.goto(list);
  await open(page, /^Look again/);
  await press(page, 'Look now');
  assert.equal(await page.getByRole('main').getByRole('link', { name: MARGARET, exact: true }).count(), 0);
});

test('a list is begun, read and decided upon without a script', async () => {
  // Given a browser that runs no scripts
  const page = await house.page(DESKTOP, { javaScript: false });
  await signIn(page, NURSE);

  // When a nurse begins a list and declines somebody on it
  const list = await begin(page, { title: 'Breathless, and nobody visits', heap: /^Diseases/, rule: /^COPD/ });
  await openCase(page, list, HAROLD);
  await open(page, /^Do not take them on/);
  await page.getByLabel('Why not?').fill('The chest clinic sees him every month');
  await press(page, 'Do not take them on');

  // Then it stands there, and the list can be closed
  assert.match(await row(page, 'Not taken on', HAROLD).innerText(), /The chest clinic sees him every month/);
  await open(page, /^Close the list/);
  await page.getByLabel('Why is it closed?').fill('Everybody has been looked at');
  await press(page, 'Close it');
  await said(page, 'The list is closed. What was decided stays.');
});
