// Reception needs to know who a person is and where to send them, and nothing of what ails them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLINICAL, PERSON, RECEPTIONIST } from './cast.mjs';
import { borough, checkPage, openRecord, screenshot, signIn } from './harness.mjs';

const house = borough();

test('a receptionist sees who it is and no clinical section', async () => {
  // Given a receptionist
  const page = await house.page();
  await signIn(page, RECEPTIONIST);

  // When she opens a person
  await openRecord(page, PERSON);

  // Then the banner is there
  const banner = await page.getByRole('region', { name: /person|patient/i }).innerText();
  assert.match(banner, new RegExp(PERSON, 'i'));
  assert.match(banner, /\b\d{3} \d{3} \d{4}\b/);

  // And no clinical section is, by heading or by text, in what was sent to the browser
  const sent = await page.content();
  for (const section of CLINICAL) {
    assert.equal(await page.getByRole('heading', { name: section, exact: true }).count(), 0, section);
    assert.doesNotMatch(sent, new RegExp(`<h\\d[^>]*>\\s*${section}\\s*<`), section);
  }

  // And the page says that there is more which her role does not show
  await page.getByText(/not shown to|your role/i).first().waitFor();
  await checkPage(page);
  await screenshot(page, 'reception');
});

test('a receptionist cannot reach the timeline by its address', async () => {
  const page = await house.page();
  await signIn(page, RECEPTIONIST);
  await openRecord(page, PERSON);
  const answer = await page.goto(`${page.url().replace(/\/$/, '')}/timeline`);
  assert.ok([403, 404].includes(answer.status()), `refused, not ${answer.status()}`);
  await checkPage(page);
  for (const fault of house.takeFaults()) {
    assert.match(fault, /40[34]/);
  }
});
