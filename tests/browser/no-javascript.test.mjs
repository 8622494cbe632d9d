// With scripts switched off everything still works: plain links and plain forms.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLINICAL, GP, PERSON, RECORDS_OFFICER } from './cast.mjs';
import { borough, DESKTOP, openRecord, signIn } from './harness.mjs';

const house = borough();

test('a record is found and read without a script', async () => {
  // Given a browser that runs no scripts
  const page = await house.page(DESKTOP, { javaScript: false });

  // When a GP signs in, finds a person and opens the record
  await signIn(page, GP);
  await openRecord(page, PERSON);

  // Then it is all there
  for (const section of CLINICAL) {
    await page.getByRole('heading', { name: section, exact: true }).waitFor();
  }

  // And the timeline narrows by a plain form
  await page.getByRole('link', { name: /timeline/i }).click();
  await page.getByRole('checkbox', { name: /^Results/ }).check();
  await page.getByRole('button', { name: /show|filter|apply/i }).click();
  assert.ok(await page.getByRole('checkbox', { name: /^Results/ }).isChecked());
});

test('a mistake on a form is told without a script', async () => {
  const page = await house.page(DESKTOP, { javaScript: false });
  await signIn(page, GP);
  await page.getByRole('link', { name: 'Find a person' }).click();
  await page.getByLabel('NHS number').fill('12345');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByLabel('NHS number').inputValue(), '12345');
});

test('the feeds, the quarantine and the neighbourhoods are read without a script', async () => {
  const page = await house.page(DESKTOP, { javaScript: false });
  await signIn(page, RECORDS_OFFICER);
  for (const name of ['Feeds', 'Quarantine', 'Neighbourhoods']) {
    await page.getByRole('link', { name, exact: true }).first().click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.ok((await page.getByRole('main').innerText()).length > 50, `${name} has something to say`);
  }
});

test('signing out ends the session', async () => {
  // Given somebody signed in
  const page = await house.page(DESKTOP, { javaScript: false });
  await signIn(page, GP);
  await openRecord(page, PERSON);
  const record = page.url();

  // When they sign out
  await page.getByRole('button', { name: /sign out/i }).or(page.getByRole('link', { name: /sign out/i })).first().click();

  // Then the record is closed to them
  await page.goto(record);
  assert.equal(await page.getByText(new RegExp(PERSON, 'i')).count(), 0);
});
