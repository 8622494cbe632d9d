// A clinician finds a person, reads one record made of many feeds, and sees who else has looked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLINICAL, GP, PERSON } from './cast.mjs';
import { borough, checkPage, openRecord, screenshot, signIn } from './harness.mjs';

const house = borough();

test('a GP finds a person by name and reads the record', async () => {
  // Given a GP at work
  const page = await house.page();
  await signIn(page, GP);

  // When she looks for a person by name
  await page.getByRole('link', { name: 'Find a person' }).click();
  await checkPage(page);
  await screenshot(page, 'find');
  await page.getByLabel('Name').fill(PERSON);
  await page.getByRole('button', { name: 'Find' }).click();

  // Then the list tells people of one name apart, and the name is not in the address
  const found = page.getByRole('main').getByRole('link', { name: new RegExp(PERSON, 'i') });
  assert.ok((await found.count()) >= 1, 'at least one person is found');
  assert.doesNotMatch(page.url(), new RegExp(PERSON, 'i'));
  await checkPage(page);

  // And the record opens under a banner that says who it is
  await found.first().click();
  const banner = page.getByRole('region', { name: /person|patient/i });
  await banner.getByText(new RegExp(PERSON, 'i')).first().waitFor();
  assert.match(await banner.innerText(), /\b\d{3} \d{3} \d{4}\b/, 'the NHS number, in threes and four');
  assert.match(await banner.innerText(), /\b\d{1,2} [A-Z][a-z]+ \d{4}\b/, 'the birth date in words');

  // And every clinical section is there
  for (const section of CLINICAL) {
    await page.getByRole('heading', { name: section, exact: true }).waitFor();
  }
  await checkPage(page);
  await screenshot(page, 'record');
});

test('every item on the record says where it came from', async () => {
  // Given a record open
  const page = await house.page();
  await signIn(page, GP);
  await openRecord(page, PERSON);

  // When she looks at the problems
  const problems = page.getByRole('region', { name: 'Problems' });
  const items = problems.getByRole('listitem').or(problems.getByRole('row').filter({ has: page.getByRole('cell') }));

  // Then each names its source and its date
  assert.ok((await items.count()) >= 1, 'there is a problem to look at');
  for (const text of await items.allInnerTexts()) {
    assert.match(text, /from /i);
    assert.match(text, /\d{4}/);
  }

  // And each feed says how fresh it is
  await page.getByText(/as at/i).first().waitFor();
});

test('the timeline shows everything and can be narrowed', async () => {
  // Given a record open
  const page = await house.page();
  await signIn(page, GP);
  await openRecord(page, PERSON);

  // When she goes to the timeline
  await page.getByRole('link', { name: /timeline/i }).click();
  const entries = page.getByRole('main').getByRole('article').or(page.getByRole('main').getByRole('row'));
  const all = await entries.count();
  assert.ok(all > 1, 'the timeline has entries');
  await checkPage(page);
  await screenshot(page, 'timeline');

  // And narrows it to one kind
  await page.getByRole('checkbox', { name: /^Results/ }).check();
  await page.getByRole('button', { name: /show|filter|apply/i }).click();

  // Then fewer are left, and the choice stays on the screen
  assert.ok((await entries.count()) < all, 'the filter narrows');
  assert.ok(await page.getByRole('checkbox', { name: /^Results/ }).isChecked());
});

test('every look is on the list of who looked', async () => {
  // Given a GP who has opened a record
  const page = await house.page();
  await signIn(page, GP);
  await openRecord(page, PERSON);

  // When anybody asks who looked
  await page.getByRole('link', { name: /who (has )?looked/i }).click();

  // Then her look is there, as a sentence, with the day and the reason
  const looks = page.getByRole('main').getByRole('listitem').filter({ hasText: /opened|looked/i });
  const first = await looks.first().innerText();
  assert.match(first, /GP/);
  assert.match(first, /to give care|because/i);
  await checkPage(page);
  await screenshot(page, 'who-looked');
});

test('a person is found by NHS number, and the number stays out of the address', async () => {
  // Given the number of a person, read from the banner
  const page = await house.page();
  await signIn(page, GP);
  await openRecord(page, PERSON);
  const [number] = (await page.getByRole('region', { name: /person|patient/i }).innerText()).match(/\b\d{3} \d{3} \d{4}\b/);

  // When it is typed as people type it
  await page.getByRole('link', { name: 'Find a person' }).click();
  await page.getByLabel('NHS number').fill(number.replaceAll(' ', '-'));
  await page.getByRole('button', { name: 'Find' }).click();

  // Then that one person is found (and the harness fails on a number in an address)
  await page.getByRole('main').getByText(number).first().waitFor();
});

test('a mistyped NHS number is refused in words, and what was typed is kept', async () => {
  // Given the find page
  const page = await house.page();
  await signIn(page, GP);
  await page.getByRole('link', { name: 'Find a person' }).click();

  // When one digit is wrong
  await page.getByLabel('NHS number').fill('999 123 4561');
  await page.getByRole('button', { name: 'Find' }).click();

  // Then the page says so, keeps the number, and nobody is shown
  await page.getByRole('alert').waitFor();
  assert.match(await page.getByLabel('NHS number').inputValue(), /999\s?123\s?4561/);
  await checkPage(page);
});

test('two sources that disagree stand side by side', async () => {
  // Given a person of whom two feeds say different things
  const page = await house.page();
  await signIn(page, GP);
  await openRecord(page, PERSON);

  // Then the record says so, and shows both with their sources and dates
  const difference = page.getByRole('region', { name: /differ|disagree/i }).first();
  const text = await difference.innerText();
  assert.ok((text.match(/from /gi) ?? []).length >= 2, `two sources are named: ${text}`);
  assert.ok((text.match(/\b\d{1,2} [A-Z][a-z]+ \d{4}\b/g) ?? []).length >= 2, `each with its date: ${text}`);
});

test('a feed past its promise is said in a sentence on the record', async () => {
  // Given a person with data from a feed that has fallen silent (the sample is older than any promise)
  const page = await house.page();
  await signIn(page, GP);
  await openRecord(page, PERSON);

  // Then the page says which, and since when, before anything of it is read
  const sentence = page.getByText(/nothing (new )?has come from|no (new )?message|may be out of date/i).first();
  assert.match(await sentence.innerText(), /\d{4}|ago|since/);
});
