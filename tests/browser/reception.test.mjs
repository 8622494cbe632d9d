// Reception needs to know who a person is and where to send them, and nothing of what ails them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLINICAL_WORDS, PERSON, RECEPTIONIST, SECTIONS } from './cast.mjs';
import { banner, borough, checkPage, openRecord, signIn } from './harness.mjs';

const house = borough();

test('a receptionist sees who it is and no clinical section', async () => {
  // Given a receptionist
  const page = await house.page();
  await signIn(page, RECEPTIONIST);

  // When she opens a person
  await openRecord(page, PERSON);

  // Then the banner is there
  const who = await banner(page).innerText();
  assert.match(who, PERSON.family);
  assert.match(who, /\b999 \d{3} \d{4}\b/);

  // And no clinical section holds anything, and nothing clinical was sent to the browser at all
  for (const section of SECTIONS) {
    assert.equal(await page.getByRole('region', { name: section, exact: true }).getByRole('listitem').count(), 0, section);
  }
  await nothingClinical(page);

  // And the page says that there is more, which her role does not show
  await page.getByText(/not able to see|not shown to|your role/i).first().waitFor();
  await checkPage(page);
});

test('a receptionist finds nothing clinical at the address of the timeline either', async () => {
  const page = await house.page();
  await signIn(page, RECEPTIONIST);
  await openRecord(page, PERSON);
  await page.goto(`${page.url().replace(/\/$/, '')}/timeline`);
  await nothingClinical(page);
  await checkPage(page);
  // If she is refused, the browser notes that on the console.
  house.takeFaults().forEach((fault) => assert.match(fault, /40[34]/));
});

async function nothingClinical(page) {
  const sent = await page.content();
  for (const word of CLINICAL_WORDS) {
    assert.doesNotMatch(sent, new RegExp(word, 'i'), word);
  }
}
