// Everybody begins at a desk of their own: what needs them now, how old that is, and what is not built yet.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CITIZEN, DESKS, GP, PERSON, PRIVACY_OFFICER } from './cast.mjs';
import { banner, borough, checkPage, DESKTOP, openRecord, PHONE, screenshot, signIn } from './harness.mjs';

const house = borough();

for (const [role, heading] of DESKS) {
  test(`the home of ${role.source.replace('^', '')} is a list of work, on a desk and on a phone`, async () => {
    for (const size of [DESKTOP, PHONE]) {
      // Given somebody who signs in
      const page = await house.page(size);
      await signIn(page, role);

      // Then their home says what needs them, and what it cannot do yet
      await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
      await page.getByRole('heading', { level: 2, name: heading }).waitFor();
      await page.getByRole('heading', { level: 2, name: 'Not here yet' }).waitFor();

      // And an empty list says what would stand there
      for (const list of await page.getByRole('main').getByRole('region').all()) {
        assert.notEqual((await list.innerText()).split('\n').filter(Boolean).length, 1, 'a heading with nothing under it');
      }
      await checkPage(page);
    }
  });
}

test('a line of a list opens the record of the person it names', async () => {
  // Given a nurse with somebody on her team's caseload
  const page = await house.page();
  await signIn(page, /^district nurse/i);
  const caseload = page.getByRole('region', { name: /caseload/i });
  const link = caseload.getByRole('link').first();
  const name = await link.innerText();

  // When she opens the record
  await link.click();

  // Then the banner names the same person
  await page.getByRole('heading', { level: 1, name: 'Record' }).waitFor();
  assert.ok((await banner(page).innerText()).includes(name), name);
});

test('a citizen reads their own record and who looked, and how to ask why', async () => {
  // Given that a GP has opened the record
  const surgery = await house.page();
  await signIn(surgery, GP);
  await openRecord(surgery, PERSON);

  // When the person signs in
  const page = await house.page(PHONE);
  await signIn(page, CITIZEN);

  // Then it is their own record, in plain words
  await page.getByRole('heading', { level: 1, name: PERSON.shown }).waitFor();
  await page.getByRole('heading', { level: 2, name: 'What you must not be given' }).waitFor();
  await checkPage(page);
  await screenshot(page, 'my-record');

  // And who looked stands in sentences, with a way to ask why
  await page.getByRole('main').getByRole('link', { name: /ask why/i }).click();
  await page.getByText(/^A GP \(.*\) opened your record to give care, because you are registered/).first().waitFor();
  await page.getByText('Ask why', { exact: true }).first().click();
  await page.getByLabel(/^What do you want to know/).first().fill('I had no appointment that day.');
  await page.getByRole('button', { name: 'Ask', exact: true }).first().click();

  // And the question stands there, with the day by which somebody answers
  await page.getByText(/I had no appointment that day/).first().waitFor();
  await checkPage(page);

  // When the privacy officer answers
  const office = await house.page();
  await signIn(office, PRIVACY_OFFICER);
  await office.goto('/privacy/questions');
  await office.getByRole('main').getByRole('link').first().click();
  await office.getByLabel('Your answer').fill('They were preparing a review of your medicines.');
  await office.getByRole('button', { name: 'Answer' }).click();

  // Then the person reads the answer
  await page.goto('/me/looks');
  await page.getByText(/preparing a review of your medicines/).first().waitFor();
});

test('a citizen opens nobody else', async () => {
  // Given the address of somebody else's record
  const surgery = await house.page();
  await signIn(surgery, GP);
  await openRecord(surgery, { typed: 'Harold Ashworth', shown: /harold/i });
  const { pathname } = new URL(surgery.url());

  // When a citizen goes there
  const page = await house.page();
  await signIn(page, CITIZEN);
  const answer = await page.goto(pathname);

  // Then they are refused in words, and see nothing of that person
  assert.equal(answer.status(), 403);
  await page.getByText(/your own record and no other/i).waitFor();
  assert.doesNotMatch(await page.content(), /harold/i);
  await checkPage(page);
  house.takeFaults().forEach((fault) => assert.match(fault, /403/));
});
