// With scripts switched off everything still works: plain links and plain forms.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLINICAL_WORDS, GP, PERSON, RECORDS_OFFICER, SECTIONS } from './cast.mjs';
import { banner, borough, DESKTOP, go, openRecord, signIn } from './harness.mjs';

const house = borough();
const plain = () => house.page(DESKTOP, { javaScript: false });

test('a record is found and read without a script', async () => {
  // Given a browser that runs no scripts
  const page = await plain();

  // When a GP signs in, finds a person and opens the record
  await signIn(page, GP);
  await openRecord(page, PERSON);

  // Then it is all there
  for (const section of SECTIONS) {
    await page.getByRole('heading', { name: section, exact: true }).waitFor();
  }

  // And the timeline narrows by a plain form
  await page.getByRole('main').getByRole('link', { name: 'Timeline', exact: true }).click();
  await page.getByText('Filter by source and kind').click();
  await page.getByRole('checkbox', { name: /^Allerg/ }).check();
  await page.getByRole('button', { name: 'Show these' }).click();
  await page.getByRole('link', { name: 'Clear filters' }).first().waitFor();
  assert.ok(await page.getByRole('checkbox', { name: /^Allerg/ }).isChecked());
});

test('a mistake on a form is told without a script', async () => {
  const page = await plain();
  await signIn(page, GP);
  await go(page, 'Find a person');
  await page.getByLabel('NHS number').fill('12345');
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByLabel('NHS number').inputValue(), '12345');
});

test('the feeds, the quarantine and the neighbourhoods are read without a script', async () => {
  const page = await plain();
  await signIn(page, RECORDS_OFFICER);
  for (const name of ['Feeds', 'Quarantine', 'Neighbourhoods']) {
    await go(page, name);
    assert.ok((await page.getByRole('main').innerText()).length > 50, `${name} has something to say`);
  }
});

test('signing out closes the record', async () => {
  // Given somebody who has a record open
  const page = await plain();
  await signIn(page, GP);
  await openRecord(page, PERSON);
  const record = page.url();

  // When they sign out
  await page.getByRole('button', { name: 'Sign out' }).click();

  // Then its address shows nothing of it, even to the same browser
  await page.goto(record);
  // (the sign-in page names her among those one can sign in as, and says no more)
  const shown = await page.content();
  assert.doesNotMatch(shown, /\b999 \d{3} \d{4}\b/);
  CLINICAL_WORDS.forEach((word) => assert.doesNotMatch(shown, new RegExp(word, 'i'), word));
  assert.equal(await banner(page).count(), 0);
  house.takeFaults().forEach((fault) => assert.match(fault, /40[134]/));
});
