// What somebody may not see, and what is not there: a page that says so, in the shell of whoever is signed in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANALYST, GP, PERSON, PRIVACY_OFFICER } from './cast.mjs';
import { borough, checkPage, find, openRecord, PHONE, signIn } from './harness.mjs';

const house = borough();

// The browser itself notes a refusal on the console.
function expectOnly(status) {
  for (const fault of house.takeFaults()) {
    assert.match(fault, new RegExp(`status of ${status}`));
  }
}

test('an analyst is refused people, and not offered them', async () => {
  // Given somebody who counts and never sees a person
  const page = await house.page();
  await signIn(page, ANALYST);
  assert.equal(await page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name: 'Find a person' }).count(), 0);

  // When they go to the address all the same
  const answer = await page.goto('/people');

  // Then they are refused, in words, and can go on
  assert.equal(answer.status(), 403);
  await page.getByRole('heading', { level: 1, name: 'You are not able to see this' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await checkPage(page);
  expectOnly(403);
});

test('a form that is not of this session is refused in words', async () => {
  // Given a form whose token somebody has changed
  const page = await house.page(PHONE);
  await signIn(page, GP);
  await page.goto('/people');
  await page.locator('form[action^="/people"] input[name=token]').evaluate((field) => { field.value = 'another'; });

  // When it is sent
  await page.getByRole('button', { name: 'Find', exact: true }).click();

  // Then nothing is done, and the page says what to do
  await page.getByRole('heading', { level: 1, name: 'That could not be understood' }).waitFor();
  await checkPage(page);
  expectOnly(400);
});

test('an id of nobody and an address of nothing read alike', async () => {
  const page = await house.page();
  await signIn(page, GP);
  const texts = [];
  for (const address of ['/people/00000000-0000-7000-8000-000000000000', '/people/nobody', '/nothing']) {
    const answer = await page.goto(address);
    assert.equal(answer.status(), 404);
    texts.push(await page.getByRole('main').innerText());
    await checkPage(page);
  }
  assert.equal(new Set(texts).size, 1);
  expectOnly(404);
});

test('a privacy officer sees who looked and nothing of the record', async () => {
  // Given somebody whose record has been opened
  const gp = await house.page();
  await signIn(gp, GP);
  await openRecord(gp, PERSON);

  // When the privacy officer finds the person
  const page = await house.page();
  await signIn(page, PRIVACY_OFFICER);
  const found = await find(page, PERSON.typed);
  await found.getByRole('link', { name: PERSON.shown }).click();

  // Then the looks are there, under the banner
  await page.getByRole('heading', { level: 1, name: 'Who looked, and why' }).waitFor();
  await page.getByRole('region', { name: 'Whose record this is' }).waitFor();
  await page.getByRole('listitem').filter({ hasText: 'A GP' }).filter({ hasText: 'opened this record' }).first().waitFor();
  await checkPage(page);

  // And the record itself stays shut
  const answer = await page.goto(page.url().replace(/\/access$/, ''));
  assert.equal(answer.status(), 403);
  expectOnly(403);
});
